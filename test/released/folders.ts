import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'

/** The versions whose data folders are kept here. */
export const releasedVersions = async (): Promise<string[]> =>
  (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.zip')).map((name) => name.slice(0, -'.zip'.length))

/** A data folder as that version left it, in a folder of its own, which is the caller's to remove. */
export const releasedFolder = async (version: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-released-'))
  for (const [path, bytes] of Object.entries(unzipSync(await readFile(join(import.meta.dirname, `${version}.zip`))))) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes, { mode: 0o600 })
  }
  return folder
}
