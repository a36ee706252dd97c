import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'
import type { Entry } from '../bundle.ts'

const DIST = join(import.meta.dirname, '..', 'dist')
/** Answers nothing: templates can be made and tested without a bundle, and a school deployed with it would say so at the first call. */
const PLACEHOLDER = join(import.meta.dirname, '..', 'placeholder')

export const isBundled = (entry: Entry): boolean => existsSync(join(DIST, entry, 'index.mjs'))

export const codeOf = (entry: Entry): Code => Code.fromAsset(isBundled(entry) ? join(DIST, entry) : PLACEHOLDER)
