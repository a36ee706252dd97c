import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '#homes/machine/error-code.ts'
import { DeployTrouble } from './tools.ts'

const PLACEHOLDER = join(import.meta.dirname, '..', '..', 'amplify', 'placeholder', 'index.mjs')

/** What functions are made of: CDK lays each below `asset.<hash>` beside the templates. */
const codeIn = async (assembly: string): Promise<string[]> => {
  const folders = (await readdir(assembly)).filter((name) => name.startsWith('asset.'))
  const found = folders.map((name) =>
    readFile(join(assembly, name, 'index.mjs'), 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return ''
      throw error
    }),
  )
  return Promise.all(found)
}

/** Templates may be made without bundles, to be looked at. @throws DeployTrouble where a function of these would answer nothing */
export const refusePlaceholders = async (assembly: string): Promise<void> => {
  const placeholder = await readFile(PLACEHOLDER, 'utf8')
  if ((await codeIn(assembly)).includes(placeholder))
    throw new DeployTrouble('Not every function is bundled: one of them would be a placeholder, which answers nothing. Nothing was deployed.')
}
