import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import * as z from 'zod'
import { openApi } from '#api/openapi.ts'
import { Occasion } from '#contract/refunds.ts'
import { EVENTS } from '#core/events.ts'
import { consequenceOf, RULES, USUAL_POLICY } from '#core/refunds/policy.ts'
import { accessPage } from './access-page.ts'
import { readPrices } from './aws/bill.ts'
import { billPage } from './aws/bill-page.ts'
import { personalPage } from './personal-page.ts'

const ROOT = join(import.meta.dirname, '..')
const WHOLE = JSON.stringify

type Schema = { type?: string; const?: unknown; enum?: unknown[]; anyOf?: Schema[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema }

/** A schema in a few signs, as TypeScript would write it: `{ order: string, seconds?: number }`. */
const inSigns = (schema: Schema): string => {
  if (schema.const !== undefined) return WHOLE(schema.const)
  if (schema.enum) return schema.enum.map((value) => WHOLE(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(inSigns).join(' | ')
  if (schema.type === 'array') return `${inSigns(schema.items ?? {})}[]`
  if (schema.type !== 'object') return schema.type ?? 'unknown'
  const fields = Object.entries(schema.properties ?? {}).map(([name, value]) => `${name}${schema.required?.includes(name) ? '' : '?'}: ${inSigns(value)}`)
  return `{ ${fields.join(', ')} }`
}

const eventsPage = (): string => {
  // zod's JSON Schema is wider than the few words of it that are read here.
  const rows = Object.entries(EVENTS).map(([name, schema]) => `| \`${name}\` | \`${inSigns(z.toJSONSchema(schema) as Schema).replaceAll('|', '\\|')}\` |`)
  return `# Events\n\nEverything that can happen in the school. Made from \`core/events.ts\` by \`npm run gen\`.\n\n| event | payload |\n|---|---|\n${rows.join('\n')}\n`
}

const policyPage = (): string => {
  const rows = Occasion.options.map((occasion) => {
    const { when, so } = RULES[occasion]
    return `| ${when} | ${consequenceOf(occasion, USUAL_POLICY)} | ${so} |`
  })
  const words = 'Consequences: *keeps* · *ends* · *pauses*, until the matter is decided · *returns* · *runs-out*, at the end of what is paid for.'
  return `# What happens to access when\n\nThe usual policy. Made from \`core/refunds/policy.ts\`, which the school acts by, with \`npm run gen\`.\n\n${words}\n\n| what happens | access | and so |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** The generated files and what they should say. */
const generated = async (): Promise<Record<string, string>> => ({
  'docs/generated/openapi.json': `${JSON.stringify(await openApi(), null, 2)}\n`,
  'docs/generated/events.md': eventsPage(),
  'docs/generated/access.md': accessPage(),
  'docs/generated/personal-data.md': personalPage(),
  'docs/generated/payment-policy.md': policyPage(),
  'docs/generated/aws-bill.md': billPage(readPrices()),
})

const current = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })

const isCheck = process.argv.includes('--check')
const outdated: string[] = []
for (const [name, text] of Object.entries(await generated())) {
  const path = join(ROOT, name)
  if ((await current(path)) === text) continue
  outdated.push(relative(process.cwd(), path))
  if (isCheck) continue
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}
for (const path of outdated) process.stdout.write(`${isCheck ? 'out of date' : 'written'}: ${path}\n`)
if (isCheck && outdated.length > 0) process.exitCode = 1
