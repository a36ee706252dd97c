import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { hasCode } from '#homes/machine/error-code.ts'
import { DeployTrouble } from './tools.ts'

const Version = z.object({ version: z.string(), commit: z.string(), at: z.string(), keys: z.array(z.string()), context: z.record(z.string(), z.string()) })
/** What was deployed once: its templates, bundles and web app lie beside this, ready to be deployed again. */
export type Version = z.infer<typeof Version>

const Outputs = z.record(z.string(), z.record(z.string(), z.string()))
export type Outputs = z.infer<typeof Outputs>

/** Versions kept beside the newest. */
const MOST_KEPT = 10

const textOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  })

/** What was deployed of a stage from this machine, newest last. */
export const versionsOf = (kept: string, stage: string) => {
  const folder = join(kept, stage)
  const placesOf = (version: string) => {
    const own = join(folder, version)
    return { own, assembly: join(own, 'assembly'), site: join(own, 'site'), outputs: join(own, 'outputs.json'), told: join(own, 'version.json') }
  }
  const list = async (): Promise<Version[]> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return []
      throw error
    })
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    const texts = await Promise.all(names.sort().map((name) => textOf(placesOf(name).told)))
    return texts.flatMap((text) => (text === undefined ? [] : [Version.parse(JSON.parse(text))]))
  }
  const outputsOf = async (version: string): Promise<Outputs> => Outputs.parse(JSON.parse((await textOf(placesOf(version).outputs)) ?? '{}'))
  return {
    placesOf,
    list,
    outputsOf,
    /** @throws DeployTrouble where it is not here */
    async find(version: string): Promise<Version> {
      const found = (await list()).find((each) => each.version === version)
      const known = (await list()).map((each) => each.version)
      if (!found)
        throw new DeployTrouble(`Version ${version} was not deployed from this machine. ${known.length > 0 ? `There are: ${known.join(', ')}` : 'None was.'}`)
      return found
    },
    /** The version whose deployment came to its end last. */
    async current(): Promise<Version | undefined> {
      const name = (await textOf(join(folder, 'current')))?.trim()
      return (await list()).find(({ version }) => version === name)
    },
    /** Room for a version that is about to be made, its web app kept with it. */
    async begin(version: string, site: string): Promise<ReturnType<typeof placesOf>> {
      const places = placesOf(version)
      await mkdir(places.own, { recursive: true })
      await cp(site, places.site, { recursive: true })
      return places
    },
    /** It can be deployed again from here on. */
    async remember(told: Version): Promise<void> {
      await writeFile(placesOf(told.version).told, `${JSON.stringify(told, null, 2)}\n`)
    },
    async finish(version: string): Promise<void> {
      await writeFile(join(folder, 'current'), `${version}\n`)
      const others = (await list()).filter((each) => each.version !== version)
      for (const old of others.slice(0, Math.max(0, others.length - MOST_KEPT))) await rm(placesOf(old.version).own, { recursive: true })
    },
  }
}
export type Versions = ReturnType<typeof versionsOf>
