// Read an archive of editions through with ocfl-js, another implementation of OCFL.
//
//   node read_archive.mjs FOLDER
//
// Writes JSON to standard output: for each object and each of its versions, every logical path with
// the SHA-512 of what ocfl-js reads under it.

import { createHash } from 'node:crypto'
import ocfl from '@ocfl/ocfl-fs'

const storage = ocfl.storage({ root: process.argv[2] })
await storage.load()
const objects = {}
for await (const object of storage) {
    await object.load()
    const versions = (objects[object.id] = {})
    for (const version of Object.keys((await object.getInventory()).versions)) {
        const files = (versions[version] = {})
        for (const file of await object.files(version)) {
            files[file.logicalPath] = createHash('sha512').update(await file.buffer()).digest('hex')
        }
    }
}
process.stdout.write(JSON.stringify(objects))
