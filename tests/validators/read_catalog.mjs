// Walk a served catalog as reading apps and people do: every feed, every page, every file.
//
//   node read_catalog.mjs CHROMIUM ADDRESS -- CHROMIUM-FLAG...
//
// Writes JSON to standard output: for each client the works that it finds on its way from the root,
// each with its formats; what of the files they name could not be had; and for each view of the
// shelf what was asked for elsewhere, said to the console, wider than the screen, or against axe.

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const require = createRequire(import.meta.url)
const VIEWS = {
    '320 light': { viewport: { width: 320, height: 640 }, colorScheme: 'light' },
    '768 light': { viewport: { width: 768, height: 1024 }, colorScheme: 'light' },
    '1200 dark': { viewport: { width: 1200, height: 900 }, colorScheme: 'dark' },
    'forced colors': { forcedColors: 'active' },
}
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const PAGES = 5 // beyond the first: the other order, the menus, and one work
const ACQUIRE = 'http://opds-spec.org/acquisition'

// Feeds ----------------------------------------------------------------------------------------

/** Follow a catalog from its root: `read` makes of each feed its works and where it leads on. */
async function walk(root, read) {
    const found = new Map(), seen = new Set([root]), waiting = [root]
    while (waiting.length) {
        const address = waiting.pop()
        const { works, leads } = await read(address)
        for (const { title, links, images } of works) {
            const at = href => new URL(href, address).href
            found.set(title, { files: links.map(({ href, type }) => [at(href), type]), images: images.map(at) })
        }
        for (const href of leads) {
            const next = new URL(href, address).href
            if (!seen.has(next)) seen.add(next) && waiting.push(next)
        }
    }
    return { feeds: seen.size, works: Object.fromEntries(found) }
}

const text = async address => (await fetch(address)).text()
const acquires = links => links.filter(({ rel }) => [rel].flat().some(each => each?.startsWith(ACQUIRE)))

/** foliate-js takes feeds apart in a browser's document. */
async function foliate(page, root) {
    const source = await readFile(require.resolve('foliate-js/opds.js'), 'utf8')
    await page.evaluate(async address => { window.opds = await import(address) },
        `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)
    const isFeed = ({ type }) => type?.startsWith('application/atom+xml;profile=opds-catalog')
    return walk(root, async address => {
        const feed = await page.evaluate(async ([address, content]) => {
            const found = window.opds.getFeed(new DOMParser().parseFromString(content, 'application/xml'))
            return JSON.parse(JSON.stringify(found))
        }, [address, await text(address)])
        const works = (feed.publications ?? []).map(({ metadata, links, images }) =>
            ({ title: metadata.title, links: acquires(links), images: images.map(({ href }) => href) }))
        const next = feed.links.filter(({ rel }) => rel?.includes('next'))
        return { works, leads: [...feed.navigation ?? [], ...next].filter(isFeed).map(({ href }) => href) }
    })
}

/** What r2-opds-js, which Thorium reads feeds with, makes of either version. */
function readium() {
    const at = name => require(`r2-${name}`)
    const { initGlobalConverters_OPDS } = at('opds-js/dist/es8-es2017/src/opds/init-globals')
    const shared = at('shared-js/dist/es8-es2017/src/init-globals')
    initGlobalConverters_OPDS()
    shared.initGlobalConverters_SHARED()
    shared.initGlobalConverters_GENERIC()
    const { XML } = at('utils-js/dist/es8-es2017/src/_utils/xml-js-mapper')
    const { OPDS } = at('opds-js/dist/es8-es2017/src/opds/opds1/opds')
    const { OPDSFeed } = at('opds-js/dist/es8-es2017/src/opds/opds2/opds2')
    const { convertOpds1ToOpds2 } = at('opds-js/dist/es8-es2017/src/opds/converter')
    const { TaJsonDeserialize } = at('lcp-js/dist/es8-es2017/src/serializable')
    const { DOMParser } = require('@xmldom/xmldom')
    const told = feed => ({
        works: (feed.Publications ?? []).map(({ Metadata, Links, Images }) => ({
            title: Metadata.Title,
            links: acquires(Links.map(link => ({ href: link.Href, type: link.TypeLink, rel: link.Rel }))),
            images: Images.map(({ Href }) => Href),
        })),
        leads: [...feed.Navigation ?? [], ...(feed.Links ?? []).filter(({ Rel }) => Rel?.includes('next'))]
            .map(({ Href }) => Href),
    })
    return {
        'Readium, OPDS 1.2': ['opds.atom', async address => told(convertOpds1ToOpds2(
            XML.deserialize(new DOMParser().parseFromString(await text(address), 'application/xml'), OPDS)))],
        'Readium, OPDS 2.0': ['opds.json', async address =>
            told(TaJsonDeserialize(JSON.parse(await text(address)), OPDSFeed))],
    }
}

/** The files that clients found but cannot have as they were promised. */
async function missing(clients) {
    const promised = new Map()
    for (const { works } of Object.values(clients)) {
        for (const { files, images } of Object.values(works)) {
            for (const [address, type] of files) promised.set(address, type)
            for (const address of images) promised.set(address, 'image/jpeg')
        }
    }
    const lost = []
    for (const [address, type] of promised) {
        const answer = await fetch(address)
        const { byteLength } = await answer.arrayBuffer()
        if (!answer.ok || !byteLength || !answer.headers.get('content-type').startsWith(type)) lost.push(address)
    }
    return { promised: promised.size, lost }
}

// The shelf ------------------------------------------------------------------------------------

async function open(browser, options) {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const seen = { requests: [], messages: [] }
    page.on('request', request => seen.requests.push(request.url()))
    page.on('console', message => seen.messages.push(message.text()))
    page.on('pageerror', error => seen.messages.push(String(error)))
    return { context, page, seen }
}

/** Every page of the shelf that links lead to from its first, in one view. */
async function browse(browser, root, options, limit) {
    const { context, page, seen } = await open(browser, options)
    const pages = new Set([root]), waiting = [root], wide = [], axe = [], broken = []
    while (waiting.length && pages.size - waiting.length <= limit) {
        const address = waiting.shift()
        const answer = await page.goto(address)
        if (answer.status() !== 200) broken.push(address)
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) wide.push(address)
        const unseen = await page.evaluate(async () => {
            for (const image of document.images) { image.loading = 'eager'; await image.decode().catch(() => null) }
            return [...document.images].filter(image => !image.naturalWidth).map(image => image.src)
        })
        broken.push(...unseen)
        const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).analyze()
        axe.push(...violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
            `${address} ${id}: ${html.slice(0, 120)} ${failureSummary}`)))
        const links = await page.locator('a[href]').evaluateAll(all => all.map(link => link.href.split('#')[0]))
        for (const link of links) {
            const isPage = /(?:\.html|\/)$/.test(link) && !/\/works\/([^/]+)\/\1\.html$/.test(link)
            if (isPage && !pages.has(link)) pages.add(link) && waiting.push(link)
        }
    }
    await context.close()
    const elsewhere = seen.requests.filter(url => !url.startsWith(root) && !url.startsWith('data:'))
    return { pages: pages.size, wide, axe, broken, elsewhere, messages: seen.messages }
}

const [executablePath, root, ...rest] = process.argv.slice(2)
const browser = await chromium.launch({ executablePath, args: rest.slice(rest.indexOf('--') + 1) })
try {
    const { context, page } = await open(browser, { bypassCSP: true })
    await page.goto(root)
    const clients = { 'foliate-js': await foliate(page, `${root}opds.atom`) }
    await context.close()
    for (const [name, [path, read]] of Object.entries(readium())) clients[name] = await walk(root + path, read)
    const views = {}
    for (const [name, options] of Object.entries(VIEWS)) views[name] = await browse(browser, root, options, PAGES)
    console.log(JSON.stringify({ clients, ...await missing(clients), views }))
} finally {
    await browser.close()
}
