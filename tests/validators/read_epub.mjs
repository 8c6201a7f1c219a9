// Read an EPUB through in epub.js and foliate-js, on a page of six inches, as a person would.
//
//   node read_epub.mjs CHROMIUM BOOK.epub [FOLDER] -- CHROMIUM-FLAG...
//
// Writes JSON to standard output: for each reading system the documents of the spine with the words
// that each shows, where every entry of the contents, every printed page of the page list and every
// inner link leads, and every error.
// With FOLDER, leaves pictures of the first pages there, in light and in dark.

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const PAGE = { width: 600, height: 800 } // six inches across the corners, in CSS pixels
const MODULES = fileURLToPath(new URL('node_modules/', import.meta.url))
const TYPES = { '.js': 'text/javascript', '.html': 'text/html', '.epub': 'application/epub+zip' }
const HTML = {
    '/foliate.html': `<!DOCTYPE html><html lang="en"><title>foliate-js</title>
<link rel="icon" href="data:,"><style>html,body{height:100%;margin:0}foliate-view{display:block;height:100%}</style>
<script type="module">import '/modules/foliate-js/view.js'; window.ready = true</script>`,
    '/epubjs.html': `<!DOCTYPE html><html lang="en"><title>epub.js</title>
<link rel="icon" href="data:,"><style>html,body{height:100%;margin:0}#area{height:100%}</style><div id="area"></div>
<script src="/modules/jszip/dist/jszip.min.js"></script>
<script src="/modules/epubjs/dist/epub.js"></script><script>window.ready = true</script>`,
}

function serve(book) {
    const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url, 'http://localhost')
        try {
            const content = HTML[pathname] ?? (pathname === '/book.epub' ? await readFile(book)
                : await readFile(join(MODULES, normalize(pathname.replace('/modules/', '/')))))
            response.writeHead(200, { 'Content-Type': TYPES[extname(pathname)] ?? 'text/plain' })
            response.end(content)
        } catch {
            response.writeHead(404).end()
        }
    })
    return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

// What runs in the page ------------------------------------------------------------------------

// A document's text has no layout, hence no innerText, until the reading system has set it.
async function settled(doc) {
    for (let tries = 0; tries < 100; tries += 1) {
        const isShown = doc.body.innerText.trim() || !doc.body.textContent.trim()
        if (isShown && [...doc.images].every(image => image.complete)) break
        await new Promise(resolve => setTimeout(resolve, 50))
    }
}

// The words that are shown: also those that the stylesheet puts there, as a wide table's heads are.
function wordsShown(doc) {
    const added = [...doc.querySelectorAll('[data-column]')]
        .map(element => doc.defaultView.getComputedStyle(element, '::before').content)
        .filter(content => content !== 'none')
    return `${doc.body.innerText} ${added.join(' ')}`
}

// The text from a place on, as far as it tells whether it is the right one.
function textFrom(doc, node) {
    if (!node) return ''
    const range = doc.createRange()
    range.selectNodeContents(doc.body)
    if (node !== doc.body) range.setStartBefore(node)
    return range.toString().slice(0, 2000)
}

// What foliate-js shows beside the text when *a*, the call of a note, is tapped.
async function popUp(book, a, href) {
    const { FootnoteHandler } = await import('/modules/foliate-js/footnotes.js')
    const handler = new FootnoteHandler()
    handler.detectFootnotes = false // no guessing by the look: what the book says must do
    const shown = new Promise(resolve => handler.addEventListener('render', event => resolve(event.detail)))
    handler.addEventListener('before-render', event => document.body.append(event.detail.view))
    const handled = handler.handle(book, { detail: { a, href }, preventDefault() {} })
    if (!handled) return { href, label: a.textContent, type: null, text: '' }
    await handled
    const { view, type } = await shown
    const text = view.renderer.getContents()[0].doc.body.innerText
    const frame = () => new Promise(resolve => requestAnimationFrame(resolve))
    await frame() // it paints the background after a frame, and may not be gone by then
    await frame()
    view.close()
    view.remove()
    return { href, label: a.textContent, type, text }
}

async function readFoliate() {
    const shown = doc => ({
        text: window.wordsShown(doc),
        images: [...doc.images].map(image => image.complete && image.naturalWidth > 0),
        title: doc.title,
        lang: doc.documentElement.lang,
        dir: doc.documentElement.dir,
    })
    const view = document.createElement('foliate-view')
    document.body.append(view)
    const response = await fetch('/book.epub')
    await view.open(new File([await response.blob()], 'book.epub'))
    window.view = view
    const current = () => view.renderer.getContents()[0]
    const sections = []
    const links = []
    const popUps = []
    for (const [index, section] of view.book.sections.entries()) {
        await view.goTo(index)
        const { doc } = current()
        await window.settled(doc)
        sections.push({ href: section.id, ...shown(doc), onPage: view.lastLocation.range.toString() })
        for (const a of doc.querySelectorAll('a[href]')) {
            const href = section.resolveHref(a.getAttribute('href'))
            if (!view.book.isExternal(href)) links.push({ href, label: a.textContent })
            if (a.matches('[role=doc-noteref]') && popUps.length < 40) {
                popUps.push(await window.popUp(view.book, a, href))
            }
        }
    }
    const visit = async ({ href, label }) => {
        const { index, anchor } = view.book.resolveHref(href) ?? {}
        if (index === undefined) return { href, label, found: false }
        await view.goTo(href)
        const { doc } = current()
        await window.settled(doc)
        const target = anchor(doc)
        const node = target instanceof doc.defaultView.Range ? target.startContainer : target
        return {
            href,
            label,
            found: current().index === index
                && (target === 0 || Boolean(node) && view.lastLocation.range.intersectsNode(node)),
            text: (node?.innerText ?? doc.body.innerText).slice(0, 200),
            onwards: window.textFrom(doc, node ?? doc.body),
        }
    }
    const toc = []
    const walk = async items => {
        for (const item of items ?? []) {
            toc.push(await visit(item))
            await walk(item.subitems)
        }
    }
    await walk(view.book.toc)
    const pageList = []
    for (const page of view.book.pageList ?? []) pageList.push(await visit(page))
    const visited = []
    for (const link of links) visited.push(await visit(link))
    const landmarks = (view.book.landmarks ?? []).map(mark => mark.type.join(' '))
    // Every page, in order, to the end of the book.
    await view.goTo(0)
    let pages = 0
    for (let before; before !== view.lastLocation.cfi && pages < 2000; pages += 1) {
        before = view.lastLocation.cfi
        await view.next()
    }
    return { sections, toc, pageList, links: visited, popUps, landmarks, pages, dir: view.book.dir ?? null }
}

async function readEpubjs() {
    const book = window.ePub(await (await fetch('/book.epub')).arrayBuffer())
    const area = document.getElementById('area')
    const rendition = book.renderTo(area, { width: 600, height: 800, flow: 'paginated' })
    window.rendition = rendition
    await book.ready
    const sections = []
    const links = []
    const items = []
    book.spine.each(item => items.push(item))
    for (const item of items) {
        await rendition.display(item.href)
        const { document: doc } = rendition.getContents()[0]
        await window.settled(doc)
        const place = rendition.currentLocation()
        sections.push({
            href: item.href,
            text: window.wordsShown(doc),
            images: [...doc.images].map(image => image.complete && image.naturalWidth > 0),
            title: doc.title,
            lang: doc.documentElement.lang,
            dir: doc.documentElement.dir,
            onPage: place.start?.href ?? '',
        })
        for (const a of doc.querySelectorAll('a[href]')) {
            const href = a.getAttribute('href')
            if (/^[a-z]+:/.test(href)) continue
            links.push({ href: href.startsWith('#') ? item.href + href : href, label: a.textContent })
        }
    }
    const visit = async ({ href, label }) => {
        await rendition.display(href)
        const [file, fragment] = href.split('#')
        const { document: doc } = rendition.getContents()[0]
        await window.settled(doc)
        const there = rendition.currentLocation().start?.href === file
        if (!fragment) return { href, label, found: there, text: doc.body.innerText.slice(0, 200) }
        const target = doc.getElementById(decodeURIComponent(fragment))
        // The frame is as wide as all its pages and moves behind the window.
        const frame = doc.defaultView.frameElement.getBoundingClientRect()
        const rect = target?.getClientRects()[0]
        const inView = rect && frame.left + rect.right > -1 && frame.left + rect.left < 601
        return {
            href,
            label,
            found: there && Boolean(inView),
            text: target?.innerText.slice(0, 200),
            onwards: window.textFrom(doc, target),
        }
    }
    const toc = []
    const walk = async entries => {
        for (const entry of entries) {
            toc.push(await visit({ href: entry.href, label: entry.label.trim() }))
            await walk(entry.subitems)
        }
    }
    await walk(book.navigation.toc)
    const pageList = []
    for (const { href, page } of book.pageList.pageList ?? []) pageList.push(await visit({ href, label: page }))
    const visited = []
    for (const link of links) visited.push(await visit(link))
    const landmarks = book.navigation.landmarks.map(mark => mark.type)
    return { sections, toc, pageList, links: visited, landmarks, dir: book.package.metadata.direction || null }
}

// ----------------------------------------------------------------------------------------------

const READERS = { 'foliate-js': ['/foliate.html', readFoliate], 'epub.js': ['/epubjs.html', readEpubjs] }

async function read(browser, origin, name, folder) {
    const [path, walk] = READERS[name]
    const page = await browser.newPage({ viewport: PAGE })
    const errors = []
    page.on('pageerror', error => errors.push(`page: ${error.message}`))
    page.on('console', message => message.type() === 'error' && errors.push(`console: ${message.text()}`))
    page.on('request', request => /^(blob|data|http:\/\/127\.0\.0\.1)/.test(request.url())
        || errors.push(`request: ${request.url()}`))
    await page.goto(origin + path)
    await page.waitForFunction(() => window.ready)
    await page.evaluate(`window.settled = ${settled}; window.textFrom = ${textFrom}; window.popUp = ${popUp}; window.wordsShown = ${wordsShown}`)
    const result = await page.evaluate(walk)
    if (folder && name === 'foliate-js') await photograph(page, folder)
    await page.close()
    return { ...result, errors }
}

async function photograph(page, folder) {
    for (const [theme, style] of [['light', 'html{background:#fff}'], ['dark', 'html,body{background:#111;color:#ddd}']]) {
        await page.addStyleTag({ content: style }) // what a reading system's theme does
        await page.evaluate(async style => {
            window.view.renderer.setStyles?.(style)
            await window.view.goTo(0)
        }, style)
        for (let number = 1; number <= 14; number += 1) {
            await page.waitForTimeout(150)
            await page.screenshot({ path: join(folder, `${theme}-${number}.png`) })
            await page.evaluate(() => window.view.next())
        }
    }
}

const [executablePath, book, ...rest] = process.argv.slice(2)
const flags = rest.slice(rest.indexOf('--') + 1)
const folder = rest[0] === '--' ? null : rest[0]
const server = await serve(book)
const browser = await chromium.launch({ executablePath, args: flags })
try {
    const origin = `http://127.0.0.1:${server.address().port}`
    const results = {}
    for (const name of Object.keys(READERS)) results[name] = await read(browser, origin, name, folder)
    process.stdout.write(JSON.stringify(results))
} finally {
    await browser.close()
    server.close()
}
