// Read web pages in Chromium as people do: on small and wide screens, by light and by dark, by keyboard.
//
//   node read_page.mjs CHROMIUM PAGE.html... -- [--views=NAME] CHROMIUM-FLAG...
//
// `--views` asks for one view, and for no way through the page: axe takes half a minute for a book.
//
// Writes JSON to standard output: for each page what every view of it showed (see `look`), and what
// happened on the way through it (see `walk`). It judges nothing but what axe judges.

import { basename } from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const VIEWS = { // the judge's widths in both schemes, and what lies between and beyond
    '320 light': { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
    '320 dark': { viewport: { width: 320, height: 640 }, colorScheme: 'dark' },
    '768 light': { viewport: { width: 768, height: 1024 }, colorScheme: 'light' },
    '1280 light': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
    '1280 dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    '2200 dark': { viewport: { width: 2200, height: 1200 }, colorScheme: 'dark' },
    'forced colors': { forcedColors: 'active', colorScheme: 'dark' },
    'more contrast': { contrast: 'more' },
}
const AT_ONCE = 4
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Open the page in a window of its own; `seen` collects what it asks for and what it complains of. */
async function open(browser, file, options) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    const seen = { requests: [], messages: [] }
    await context.route('**/*', route => {
        const url = route.request().url()
        if (url !== pathToFileURL(file).href && !url.startsWith('data:')) seen.requests.push(url)
        return route.continue()
    })
    page.on('console', message => seen.messages.push(message.text()))
    page.on('pageerror', error => seen.messages.push(String(error)))
    await page.goto(pathToFileURL(file).href)
    await page.evaluate(() => document.fonts.ready.then(() => null))
    return { context, page, seen }
}

/** One view: requests, messages, width of the page beyond the screen, what axe objects to. */
async function look(browser, file, options) {
    const { context, page, seen } = await open(browser, file, options)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze()
    const axe = violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 120)} ${failureSummary}`))
    await context.close()
    return { overflow, axe, ...seen }
}

const isInView = (page, id) => page.evaluate(id => {
    const box = document.getElementById(id)?.getBoundingClientRect()
    return Boolean(box) && box.top < innerHeight && box.bottom >= 0
}, id)

async function press(page, selector, index) {
    await page.locator(selector).nth(index).focus()
    await page.keyboard.press('Enter')
    await page.waitForTimeout(20)
}

/** Follow every link of the page into itself by keyboard; return those that lead nowhere. */
async function follow(page) {
    const inner = 'a[href^="#"]'
    const lost = []
    const targets = await page.locator(inner).evaluateAll(links =>
        links.map(link => decodeURIComponent(link.getAttribute('href').slice(1))))
    for (const [index, id] of targets.entries()) {
        await press(page, inner, index)
        if (!await isInView(page, id)) lost.push(id)
    }
    return lost
}

/** What the first press of Tab shows, and where Enter on it leads. */
async function skip(page) {
    await page.keyboard.press('Tab')
    const shown = await page.evaluate(() => {
        const { width, height } = document.activeElement.getBoundingClientRect()
        return document.activeElement.className === 'cb-skip' && width > 40 && height > 20
    })
    await page.keyboard.press('Enter')
    return { shown, focused: await page.evaluate(() => document.activeElement.id) }
}

/** The permalinks' names, and how visible the first is at rest, under the mouse and in focus. */
async function permalinks(page) {
    const links = page.locator('.cb-permalink')
    const names = await links.evaluateAll(all => all.map(link => [
        link.previousElementSibling.id || link.parentElement.id, link.getAttribute('aria-label')]))
    if (!names.length) return { names }
    const opacity = () => links.first().evaluate(link => getComputedStyle(link).opacity)
    const rest = await opacity()
    await page.locator('.cb-text :is(h2, h3)').first().hover()
    const hovered = await opacity()
    await page.mouse.move(0, 0)
    await links.first().focus()
    return { names, rest, hovered, focused: await opacity() }
}

/** What scrolls sideways: which of it a keyboard cannot enter, and which it cannot scroll. */
async function scrollers(page) {
    const wide = page.locator('main *').filter({ visible: true })
    const unreachable = await wide.evaluateAll(all => all.filter(node =>
        node.scrollWidth > node.clientWidth + 1 && node.tabIndex < 0
        && ['auto', 'scroll'].includes(getComputedStyle(node).overflowX)).map(node => node.outerHTML.slice(0, 120)))
    const stuck = []
    const regions = page.locator('[role=region]')
    for (let index = 0; index < await regions.count(); index += 1) {
        const region = regions.nth(index)
        if (!await region.isVisible() || !await region.evaluate(node => node.scrollWidth > node.clientWidth + 1)) continue
        await region.focus()
        await page.keyboard.press(await region.evaluate(node =>
            getComputedStyle(node).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'))
        await page.waitForTimeout(200)
        if (!await region.evaluate(node => node.scrollLeft)) stuck.push(await region.getAttribute('aria-label'))
    }
    return { unreachable, stuck, regions: await regions.count() }
}

/** Where notes stand on a wide screen: pairs that overlap, and those that cover the text. */
const sidenotes = page => page.evaluate(() => {
    const notes = [...document.querySelectorAll('.cb-notes > ol > li')].map(note => note.getBoundingClientRect())
    const text = document.querySelector('.cb-text').getBoundingClientRect()
    const isBeside = notes.some(note => note.top < text.bottom)
    return {
        beside: isBeside,
        overlapping: notes.filter((note, index) => index && note.top < notes[index - 1].bottom).length,
        covering: isBeside ? notes.filter(note => note.left < text.right && note.right > text.left).length : 0,
    }
})

async function walk(browser, file) {
    const small = await open(browser, file, { viewport: { width: 320, height: 640 }, reducedMotion: 'reduce' })
    const found = { scrollers: await scrollers(small.page) }
    await small.context.close()

    const wide = await open(browser, file, { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    found.skip = await skip(wide.page)
    found.permalinks = await permalinks(wide.page)
    found.sidenotes = await sidenotes(wide.page)
    found.unusedFaces = await wide.page.evaluate(() => [...document.fonts]
        .filter(face => face.status !== 'loaded').map(face => `${face.family} ${face.weight} ${face.style}`))
    found.motion = { reduce: await wide.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior) }
    await wide.page.evaluate(() => document.querySelectorAll('details').forEach(node => { node.open = true }))
    found.lost = await follow(wide.page)
    await wide.page.emulateMedia({ media: 'print' })
    found.printed = await wide.page.evaluate(() => [...document.querySelectorAll('.cb-skip, .cb-contents, .cb-permalink, .cb-backlink')]
        .filter(node => node.checkVisibility()).length)
    await wide.context.close()

    const lively = await open(browser, file, { reducedMotion: 'no-preference' })
    found.motion.lively = await lively.page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)
    await lively.context.close()
    return found
}

async function read(browser, file, only) {
    const views = {}
    for (const [name, options] of Object.entries(VIEWS)) {
        if (!only || name === only) views[name] = await look(browser, file, options)
    }
    return only ? { views } : { views, walk: await walk(browser, file) }
}

const [executablePath, ...rest] = process.argv.slice(2)
const end = rest.indexOf('--')
const flags = rest.slice(end + 1)
const only = flags[0]?.startsWith('--views=') ? flags.shift().slice('--views='.length) : ''
const browser = await chromium.launch({ executablePath, args: flags })
try {
    const told = {}
    const files = rest.slice(0, end).values()
    const readers = Array.from({ length: AT_ONCE }, async () => {
        for (const file of files) told[basename(file, '.html')] = await read(browser, file, only)
    })
    await Promise.all(readers)
    console.log(JSON.stringify(told, null, 1))
} finally {
    await browser.close()
}
