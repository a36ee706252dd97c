import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { hasCode } from '#homes/machine/error-code.ts'
import { complain } from './saying.ts'

/** How a passphrase is given: in a file, or typed where nobody sees it. Never as an argument, which every program of the machine can read. */
export const PASSPHRASE = { 'passphrase-file': { type: 'string' }, passphrase: { type: 'boolean' } } as const
export type Passphrase = { file: string } | 'asked'

export const passphraseIn = (values: { 'passphrase-file'?: string | undefined; passphrase?: boolean | undefined }): Passphrase | undefined => {
  const { 'passphrase-file': file, passphrase: isAsked } = values
  if (file !== undefined) return { file }
  return isAsked ? 'asked' : undefined
}

/** Whatever readline would show of what is typed goes nowhere. */
const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })

/** Where a passphrase is typed. `isSeen`: by a person, who may mistype; not by another program. */
type Keyboard = { isSeen: boolean; typed(question: string): Promise<string> }

const KEYBOARD: Keyboard = {
  isSeen: process.stdin.isTTY === true,
  async typed(question) {
    const asking = createInterface({ input: process.stdin, output: unseen, terminal: process.stdin.isTTY === true })
    // Only now the terminal shows nothing of what is typed.
    process.stderr.write(`  ${question} `)
    try {
      return await asking.question('')
    } finally {
      asking.close()
      process.stderr.write('\n')
    }
  },
}

/** Nobody sees what they type: twice, so that no backup is shut by a word that nobody knows. */
const asked = async ({ isSeen, typed }: Keyboard, times: 'once' | 'twice'): Promise<string | undefined> => {
  const passphrase = await typed('Passphrase of the backups (not shown):')
  if (times === 'once' || !isSeen || passphrase === '' || (await typed('The same again:')) === passphrase) return passphrase
  complain('The two are not the same. Nothing was done.')
  return undefined
}

/** Reads a small file that a verb was given; says so in words where there is none. */
export const readGiven = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (!hasCode(error, 'ENOENT', 'EACCES', 'EISDIR')) throw error
    complain(`${path} cannot be read.`)
    return undefined
  }
}

/** Undefined where there is none, which has been said then. `times` says how often a person is asked. */
export const readPassphrase = async (given: Passphrase, times: 'once' | 'twice', keyboard = KEYBOARD): Promise<string | undefined> => {
  const text = given === 'asked' ? await asked(keyboard, times) : await readGiven(given.file)
  // An editor ends a file with a line's end.
  const passphrase = text?.replace(/\r?\n$/, '')
  if (passphrase === '') complain('The passphrase is empty.')
  return passphrase || undefined
}
