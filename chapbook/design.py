"""The design: templates, tokens and theme, read once at the left edge into one picklable value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chapbook.errors import DesignError, Place
from chapbook.sources import template_files

if TYPE_CHECKING:
    import jinja2

_THEMES = "themes"
_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96}


@dataclass(frozen=True)
class Design:
    """All template files by name, and the theme chosen from them."""

    files: Mapping[str, str]
    theme: str

    @cached_property
    def tokens(self) -> Mapping[str, str]:
        """The design tokens of the theme: what `tokens.css` says, as far as the theme is silent."""
        return {**_root_tokens(self.files["tokens.css"]), **_root_tokens(self._theme_sheet)}

    @property
    def _theme_sheet(self) -> str:
        return self.file(f"{_THEMES}/{self.theme}.css")

    @property
    def families(self) -> tuple[str, ...]:
        """The families that the theme's face tokens name first, each once."""
        named = [self.family(name) for name in self.tokens if name.startswith("--face-")]
        return tuple(dict.fromkeys(named))

    def family(self, token: str) -> str:
        """The family that the face token *token*, such as `--face-text`, names first."""
        return _value(token, self.tokens).split(",")[0].strip().strip("\"'")

    def length_mm(self, token: str) -> float:
        """The length that *token* sets, in millimeters. Raises DesignError where it is none."""
        value = resolve_tokens(f"var({token})", self.tokens)
        found = re.fullmatch(r"(\d+(?:\.\d+)?)(mm|cm|in|pt|px)", value.strip())
        if not found:
            told = f"{token} is “{value}”, not a length in mm, cm, in, pt or px"
            raise DesignError(told, where=Place("templates/tokens.css"))
        return float(found[1]) * _MM[found[2]]

    def file(self, name: str) -> str:
        """The text of the template file *name*. Raises DesignError where there is none."""
        try:
            return self.files[name]
        except KeyError as error:
            raise DesignError(
                "there is no such template", where=Place(f"templates/{name}")
            ) from error

    def live_stylesheet(self, *names: str) -> str:
        """Tokens, theme and sheets for a browser, where custom properties stay alive."""
        sheets = [self.files["tokens.css"], self._theme_sheet, *map(self.file, names)]
        return "\n".join(sheets)

    def fixed_stylesheet(self, *names: str) -> str:
        """The sheets with every token put in its place, for engines that know no `var()`."""
        return resolve_tokens("\n".join(map(self.file, names)), self.tokens)

    @cached_property
    def _environment(self) -> jinja2.Environment:
        from jinja2 import DictLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        # Sandboxed: templates may come with an untrusted manuscript.
        return SandboxedEnvironment(
            loader=DictLoader(dict(self.files)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def fill(self, name: str, **values: object) -> str:
        """The template *name* filled in. Raises DesignError with the template's line."""
        from jinja2 import TemplateError, TemplateSyntaxError

        try:
            return self._environment.get_template(name).render(values)
        except TemplateSyntaxError as error:
            where = Place(f"templates/{error.name or name}", error.lineno)
            raise DesignError(error.message or "syntax error", where=where) from error
        except TemplateError as error:
            raise DesignError(str(error), where=Place(f"templates/{name}")) from error

    def words(self, lang: str) -> Mapping[str, str]:
        """The interface's words in *lang*, or in its nearest ancestor, or in English."""
        import tomllib

        subtags = lang.split("-")
        for end in range(len(subtags), 0, -1):
            name = f"words/{'-'.join(subtags[:end])}.toml"
            if name in self.files:
                return {
                    **tomllib.loads(self.files["words/en.toml"]),
                    **tomllib.loads(self.files[name]),
                }
        return tomllib.loads(self.files["words/en.toml"])

    def __getstate__(self) -> dict[str, object]:
        return {"files": self.files, "theme": self.theme}


def load_templates(folder: Path | None) -> Mapping[str, str]:
    """The texts of all templates, those in *folder*`/templates` in the stead of ours.

    Raises DesignError where one cannot be read.
    """
    files = {}
    for name, path in template_files(folder).items():
        try:
            files[name] = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DesignError(f"cannot be read: {error}", where=Place(str(path))) from error
    return files


def themes(files: Mapping[str, str]) -> tuple[str, ...]:
    """The names that `theme:` can have."""
    return tuple(
        sorted(
            name.removeprefix(f"{_THEMES}/").removesuffix(".css")
            for name in files
            if name.startswith(f"{_THEMES}/")
        )
    )


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ROOT = re.compile(r"(?:^|\})\s*:root\s*\{([^{}]*)\}", re.DOTALL)
_TOKEN = re.compile(r"(--[\w-]+)\s*:\s*([^;]+)\s*;?")
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*\)")


def _root_tokens(sheet: str) -> dict[str, str]:
    """The custom properties that *sheet* sets on `:root`, outside of any media query."""
    bare = _COMMENT.sub("", sheet)
    return {
        name: " ".join(value.split())
        for block in _ROOT.findall(bare)
        for name, value in _TOKEN.findall(block)
    }


def resolve_tokens(sheet: str, tokens: Mapping[str, str]) -> str:
    """*sheet* with every `var(--token)` replaced by its value, tokens within tokens too.

    Raises DesignError for a token that is not set, or that is set by itself.
    """
    sheet = _COMMENT.sub("", sheet)
    for _ in range(10):
        if "var(" not in sheet:
            return sheet
        sheet = _VAR.sub(lambda found: _value(found[1], tokens), sheet)
    raise DesignError("tokens refer to each other in a circle", where=Place("templates/tokens.css"))


def _value(name: str, tokens: Mapping[str, str]) -> str:
    if name not in tokens:
        raise DesignError(f"the token {name} is not set", where=Place("templates/tokens.css"))
    return tokens[name]
