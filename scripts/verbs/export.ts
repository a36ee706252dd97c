import { createWriteStream } from 'node:fs'
import { access, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { documentsOf, knownOf, placesOf } from '#core/privacy/copying.ts'
import type { Known } from '#core/privacy/known.ts'
import { missing } from '#core/refusal.ts'
import type { World } from '#ports/world.ts'
import { withSchool } from './by-hand.ts'
import { complain } from './saying.ts'
import type { Verb } from './verb.ts'

const PIECE_BYTES = 8 * 1024 ** 2

type Entry = { place: string; key: string; sizeBytes: number }

/** A ZIP as it is written, piece by piece: what was handed in may be larger than memory. */
async function* zipped({ objects }: World, documents: Record<string, string>, files: readonly Entry[]): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    made.push(piece)
  })
  const taken = (): Uint8Array[] => {
    const pieces = made
    made = []
    return pieces
  }
  for (const [name, text] of Object.entries(documents)) {
    const entry = new ZipDeflate(name)
    zip.add(entry)
    entry.push(strToU8(text), true)
    yield* taken()
  }
  for (const { place, key, sizeBytes } of files) {
    const entry = new ZipPassThrough(place)
    zip.add(entry)
    for (let start = 0; start < sizeBytes; start += PIECE_BYTES) {
      const piece = await objects.range(key, start, start + PIECE_BYTES - 1)
      entry.push(piece ?? new Uint8Array(), false)
      yield* taken()
    }
    entry.push(new Uint8Array(), true)
  }
  zip.end()
  yield* taken()
}

const everythingKnown = async (world: World, person: { id: string; email: string }): Promise<Known[]> => {
  const known: Known[] = []
  let page: string | undefined
  do {
    const found = await knownOf(world, person, page, 1)
    known.push(...found.known)
    page = found.page
  } while (page !== undefined)
  return known
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

const writeCopy = async (world: World, email: string, to: string): Promise<number> => {
  const person = await world.identity.findByEmail(email)
  if (!person) throw missing('person')
  const known = await everythingKnown(world, person)
  const documents = documentsOf(world.settings.schoolName, person, known, world.clock.now().toISOString())
  const part = `${to}.part`
  try {
    await pipeline(Readable.from(zipped(world, documents, placesOf(known))), createWriteStream(part, { mode: 0o600 }))
    await rename(part, to)
  } finally {
    await rm(part, { force: true })
  }
  process.stdout.write(`\n  ${known.length} things the school knows of ${person.name} (${person.email}) are in ${to}, with index.html to read.\n\n`)
  return 0
}

export const exporting: Verb = {
  name: 'export',
  says: 'hands out everything the school knows of a person',
  help: `
npm run lectern -- export <email> --to <file.zip>

Writes a ZIP of all that the school knows of a person: index.html to read, data.json for programs, and the files they have handed in. Of what is
somebody else's and only names them it says no more than that. The file is for them alone; nobody else on the machine may read it.
It works while the school is open or closed. Ends with 1 where nobody has that address, or the file is there already.`,
  async run(args) {
    const { values, positionals } = parseArgs({ args: [...args], options: { to: { type: 'string' } }, allowPositionals: true })
    const [[email], { to }] = [positionals, values]
    if (email === undefined || to === undefined) {
      complain('Of whom, and where to? npm run lectern -- export <email> --to <file.zip>')
      return 2
    }
    if (await isThere(to)) {
      complain(`${to} is there already.`)
      return 1
    }
    return withSchool((world) => writeCopy(world, email, to))
  },
}
