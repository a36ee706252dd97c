import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Code } from 'aws-cdk-lib/aws-lambda'

/** What runs on Lambda, each a bundle of its own in `amplify/dist/<entry>/index.mjs`. */
export type Entry = 'api' | 'hooks' | 'events' | 'schedule' | 'post-confirmation'

const DIST = join(import.meta.dirname, '..', 'dist')
/** Answers nothing: templates can be made and tested without a bundle, and a school deployed with it would say so at the first call. */
const PLACEHOLDER = join(import.meta.dirname, '..', 'placeholder')

export const isBundled = (entry: Entry): boolean => existsSync(join(DIST, entry, 'index.mjs'))

export const codeOf = (entry: Entry): Code => Code.fromAsset(isBundled(entry) ? join(DIST, entry) : PLACEHOLDER)
