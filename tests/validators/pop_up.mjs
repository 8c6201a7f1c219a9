// Touch every note's call in foliate-js, as a reader does, and tell what pops up.
//
//   node pop_up.mjs CHROMIUM BOOK.epub -- CHROMIUM-FLAG...
//
// Writes JSON to standard output: for each call its words, those that popped up, the type of note
// that the reading system took it for, and whether it is told apart from the text; and every error.

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'

const MODULES = fileURLToPath(new URL('node_modules/', import.meta.url))
const PAGE = `<!DOCTYPE html><html lang="en"><title>Notes</title><link rel="icon" href="data:,">
<style>html,body{height:100%;margin:0}foliate-view{display:block;height:100%}</style>
<script type="module">import '/modules/foliate-js/view.js'
import { FootnoteHandler } from '/modules/foliate-js/footnotes.js'
window.handler = new FootnoteHandler(); window.ready = true</script>`

function serve(book) {
    const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url, 'http://localhost')
        try {
            const content = pathname === '/' ? PAGE : pathname === '/book.epub' ? await readFile(book)
                : await readFile(join(MODULES, normalize(pathname.replace('/modules/', '/'))))
            const type = pathname === '/' ? 'text/html' : pathname.endsWith('.js') ? 'text/javascript' : 'text/plain'
            response.writeHead(200, { 'Content-Type': type })
            response.end(content)
        } catch {
            response.writeHead(404).end()
        }
    })
    return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve(server)))
}

async function touchNotes() {
    const view = document.createElement('foliate-view')
    document.body.append(view)
    const response = await fetch('/book.epub')
    await view.open(new File([await response.blob()], 'book.epub'))
    const found = []
    let resolve
    window.handler.addEventListener('before-render', ({ detail }) => {
        detail.view.style.height = '200px'
        document.body.append(detail.view)
    })
    window.handler.addEventListener('render', ({ detail }) => resolve(detail))
    let handled
    view.addEventListener('link', event => { handled = window.handler.handle(view.book, event) })
    for (const index of view.book.sections.keys()) {
        await view.goTo(index)
        const [{ doc }] = view.renderer.getContents()
        for (const call of doc.querySelectorAll('a[role~="doc-noteref"]')) {
            const popped = new Promise(done => { resolve = done })
            handled = undefined
            call.dispatchEvent(new doc.defaultView.MouseEvent('click', { bubbles: true, cancelable: true }))
            if (handled === undefined) {
                found.push({ call: call.textContent, popped: null })
                continue
            }
            const { view: note, type, hidden } = await popped
            await handled
            const [{ doc: shown }] = note.renderer.getContents()
            found.push({ call: call.textContent, popped: shown.body.textContent, type, hidden })
            note.hidden = true // removed, it would still look for its place
        }
    }
    return found
}

const [executablePath, book, ...rest] = process.argv.slice(2)
const server = await serve(book)
const browser = await chromium.launch({ executablePath, args: rest.slice(rest.indexOf('--') + 1) })
try {
    const page = await browser.newPage({ viewport: { width: 600, height: 800 } })
    const errors = []
    page.on('pageerror', error => errors.push(error.message))
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    await page.waitForFunction(() => window.ready)
    process.stdout.write(JSON.stringify({ notes: await page.evaluate(touchNotes), errors }))
} finally {
    await browser.close()
    server.close()
}
