"""The design: templates, tokens and theme, read once at the left edge into one picklable value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chapbook.design.template_overrides import judge, read_toml
from chapbook.model.errors import DesignError, Place
from chapbook.reading.source_files import OWN, TEMPLATE_SUFFIXES, TEMPLATES_NAME, template_files

if TYPE_CHECKING:
    import jinja2

SHARED_SHEETS = (
    "text.css",
    "code.css",
    "formulas.css",
    "tables.css",
    "blocks.css",
    "figures.css",
    "index.css",
    "references.css",
)
"""The stylesheets of templates/ that every medium loads, before its own."""

_THEMES = "themes"
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}


class UnsetToken(DesignError):
    """A token that is used and not set."""

    @classmethod
    def named(cls, token: str, where: Place | None = None) -> UnsetToken:
        """The error for *token*, which *where* uses."""
        tokens = Place("templates/tokens.css")
        message = f"the token {token} is not set"
        return cls(message, where=where or tokens, remedy=f"set it in {tokens}")

    @property
    def token(self) -> str:
        """Its name."""
        return self.message.split()[2]


@dataclass(frozen=True)
class Design:
    """All template files by name, and the theme chosen from them."""

    files: Mapping[str, str]
    theme: str
    set_tokens: Mapping[str, str] = field(default_factory=dict)  # over those of the theme

    @cached_property
    def tokens(self) -> Mapping[str, str]:
        """The design tokens: what `tokens.css` says, over it the theme, over both the author's."""
        sheets = (self.files["tokens.css"], self._theme_sheet, *self._own_sheets)
        tokens = {name: value for sheet in sheets for name, value in _root_tokens(sheet).items()}
        return {**tokens, **self.set_tokens}

    def with_scripts(self, names: Iterable[str]) -> Design:
        """The same design, its families followed by those for the scripts *names*."""
        faces = {}
        for token, value in self.tokens.items() if names else ():
            if token.startswith("--face-"):
                first, comma, others = value.partition(",")
                family = first.strip("\"'")
                added = "".join(f', "{family} {name}"' for name in names)
                faces[token] = f"{first}{added}{comma}{others}"
        return self.with_tokens(faces)

    def with_tokens(self, tokens: Mapping[str, str]) -> Design:
        """The same design with other *tokens*."""
        return Design(self.files, self.theme, {**self.set_tokens, **tokens})

    @property
    def _theme_sheet(self) -> str:
        name = f"{_THEMES}/{self.theme}.css"
        return "" if name not in self.files and f"{OWN}{name}" in self.files else self.file(name)

    @property
    def _own_sheets(self) -> tuple[str, ...]:
        """The author's own tokens and theme, which lie over ours."""
        names = ("tokens.css", f"{_THEMES}/{self.theme}.css")
        return tuple(self.files[f"{OWN}{name}"] for name in names if f"{OWN}{name}" in self.files)

    @property
    def families(self) -> tuple[str, ...]:
        """The families that the theme's face tokens name first, each once."""
        named = [self.family(name) for name in self.tokens if name.startswith("--face-")]
        return tuple(dict.fromkeys(named))

    def family(self, token: str) -> str:
        """The family that the face token *token*, such as `--face-text`, names first."""
        return self._resolved(f"var({token})").split(",")[0].strip().strip("\"'")

    def length_mm(self, token: str) -> float:
        """The length that *token* sets, in millimeters. Raises DesignError where it is none."""
        value = self._resolved(f"var({token})")
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|in|pt|px)", value.strip())
        if not found:
            message = f"{token} is “{value}”, not a length in mm, cm, in, pt or px"
            raise DesignError(message, where=Place("templates/tokens.css"))
        return float(found[1]) * _MM[found[2]]

    def color(self, token: str) -> str:
        """The color that *token* sets, as CSS writes it."""
        return self._resolved(f"var({token})").strip()

    def file(self, name: str) -> str:
        """The text of the template file *name*. Raises DesignError where there is none."""
        for known in (name, f"{OWN}{name}"):
            if known in self.files:
                return self.files[known]
        where = Place(f"templates/{name}")
        raise DesignError("there is no such template", where=where, remedy="correct its name")

    def live_stylesheet(self, *names: str) -> str:
        """Tokens, theme and sheets for a browser, where custom properties stay alive."""
        tokens = "".join(f"\n  {name}: {value};" for name, value in self.set_tokens.items())
        ours = [f":root {{{tokens}\n}}"] if tokens else []
        sheets = [self.files["tokens.css"], self._theme_sheet]
        if own := self._own_sheets:
            # Our colors after dark stay, where the author sets none for it: they come last.
            after_dark = (found[0] for sheet in (*sheets, *own) for found in _MEDIA.finditer(sheet))
            sheets += [*(_MEDIA.sub("", sheet) for sheet in own), *after_dark]
        return "\n".join([*sheets, *ours, *map(self.file, names)])

    def fixed_stylesheet(self, *names: str) -> str:
        """The sheets with every token put in its place, for engines that know no `var()`."""
        return "\n".join(self._resolved(self.file(name)) for name in names)

    def _resolved(self, sheet: str) -> str:
        try:
            return resolve_tokens(sheet, self.tokens)
        except UnsetToken as error:
            raise self._unset(error.token) from error

    def _unset(self, token: str) -> UnsetToken:
        """The error for a token that is used and not set, with the place where it is used."""
        where = None
        for name, text in self.files.items():
            name = name.removeprefix(OWN)  # noqa: PLW2901 - as its author calls it
            if name.endswith(".css") and (use := re.search(rf"var\(\s*{token}(?![\w-])", text)):
                where = Place(f"templates/{name}", text.count("\n", 0, use.start()) + 1)
        return UnsetToken.named(token, where)

    @cached_property
    def _environment(self) -> jinja2.Environment:
        from jinja2 import FunctionLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        def load(name: str) -> tuple[str, str, None] | None:
            # The second is what tracebacks call the file: so do we.
            known = name if name in self.files else f"{OWN}{name}"
            return (self.files[known], f"templates/{name}", None) if known in self.files else None

        # Sandboxed: templates may come with an untrusted manuscript.
        return SandboxedEnvironment(
            loader=FunctionLoader(load),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def fill(self, name: str, **values: object) -> str:
        """The template *name* filled in. Raises DesignError with the template's line."""
        from jinja2 import TemplateNotFound, TemplateSyntaxError

        where = Place(f"templates/{name}")
        remedy = "correct the template, or take yours away to have ours"
        try:
            return self._environment.get_template(name).render(values)
        except TemplateSyntaxError as error:
            where = Place(f"templates/{error.name or name}", error.lineno)
            reason = error.message or "syntax error"
            raise DesignError(reason, where=where, remedy=remedy) from error
        except TemplateNotFound as error:
            reason = f"there is no template “{error.name}”"
            raise DesignError(
                reason, where=_template_line(error) or where, remedy=remedy
            ) from error
        except MemoryError:
            raise
        except Exception as error:  # a template can do whatever an expression can
            reason = " ".join(str(error).split()) or type(error).__name__
            raise DesignError(
                reason, where=_template_line(error) or where, remedy=remedy
            ) from error

    def words(self, lang: str) -> Mapping[str, str]:
        """The interface's words in *lang*, or in its nearest ancestor, or in English."""
        subtags = lang.split("-")
        names = (f"words/{'-'.join(subtags[:end])}.toml" for end in range(len(subtags), 0, -1))
        known = (name for name in names if {name, f"{OWN}{name}"} & self.files.keys())
        return {**self.table("words/en.toml"), **self.table(next(known, "words/en.toml"))}

    def table(self, name: str) -> dict[str, Any]:
        """What the TOML template *name* sets, the author's over ours, also in its tables."""
        ours, own = (
            read_toml(each, self.files[each]) if each in self.files else {}
            for each in (name, f"{OWN}{name}")
        )
        for key, value in own.items():
            is_table = isinstance(value, dict) and isinstance(ours.get(key), dict)
            ours[key] = {**ours[key], **value} if is_table else value
        return ours

    def __getstate__(self) -> dict[str, object]:
        return {"files": self.files, "theme": self.theme, "set_tokens": self.set_tokens}


def load_templates(folder: Path | None) -> Mapping[str, str]:
    """The texts of all templates by the names of `template_files`.

    Raises DesignError where one in *folder*`/templates` cannot be read, or its syntax is wrong.
    """
    if folder is not None and not (own := folder / TEMPLATES_NAME).resolve().is_relative_to(folder):
        message = "a symbolic link leads out of the manuscript's folder"
        raise DesignError(message, where=Place(f"{own.name}/"), remedy="copy the templates instead")
    shipped = template_files(None)
    texts = {}
    for key, path in template_files(folder).items():
        name = key.removeprefix(OWN)
        texts[key] = _read(name, path)
        if path != shipped.get(key):
            judge(name, texts[key], _read(name, shipped[name]) if name in shipped else None)
    return texts


def _read(name: str, path: Path) -> str:
    """The text of a template; nothing of a file that cannot be one."""
    if not name.endswith(TEMPLATE_SUFFIXES):
        return ""
    where = Place(f"templates/{name}")
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise DesignError(f"cannot be read: {error.strerror}", where=where) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes().count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: byte {error.start}"
        raise DesignError(
            message, where=Place(where.file, line), remedy="save it as UTF-8"
        ) from error


def _template_line(error: BaseException) -> Place | None:
    """The innermost line of a template that *error* passed, for Jinja2 rewrites tracebacks."""
    place, trace = None, error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        place = Place(file, trace.tb_lineno) if file.startswith("templates/") else place
        trace = trace.tb_next
    return place


def themes(files: Mapping[str, str]) -> tuple[str, ...]:
    """The names that `theme:` can have."""
    names = {name.removeprefix(OWN) for name in files}
    sheet = re.compile(rf"{_THEMES}/(.+)\.css")
    return tuple(sorted(found[1] for found in map(sheet.fullmatch, names) if found))


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MEDIA = re.compile(r"@media[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_ROOT = re.compile(r"(?:^|[};])\s*:root\s*\{([^{}]*)\}")
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*((?:\"[^\"]*\"|'[^']*'|[^;\"'])+);?")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


def _root_tokens(sheet: str) -> dict[str, str]:
    """The custom properties that *sheet* sets on `:root`, outside of any media query."""
    bare = _MEDIA.sub("", _COMMENT.sub("", sheet))
    return {
        name: " ".join(value.split())
        for block in _ROOT.findall(bare)
        for name, value in _TOKEN.findall(block)
    }


def resolve_tokens(sheet: str, tokens: Mapping[str, str]) -> str:
    """*sheet* with every `var(--token)` replaced by its value, tokens within tokens too.

    Raises UnsetToken, or another DesignError for a token that is set by itself.
    """
    sheet = _COMMENT.sub("", sheet)
    for _ in range(10):
        if not _VAR.search(sheet):
            return sheet
        sheet = _VAR.sub(lambda found: _value(found[1], tokens), sheet)
    raise DesignError("tokens refer to each other in a circle", where=Place("templates/tokens.css"))


def _value(name: str, tokens: Mapping[str, str]) -> str:
    if name not in tokens:
        raise UnsetToken.named(name)
    return tokens[name]
