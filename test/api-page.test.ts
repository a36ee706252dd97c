import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SCOPES } from '#contract/scopes.ts'
import { WEBHOOK_EVENTS } from '#contract/webhooks.ts'
import { headersOf, secretOf } from '#core/webhooks/signing.ts'
import { aCourse, aLesson } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'

const page = await readFile(join(import.meta.dirname, '..', 'docs', 'api.md'), 'utf8')
const blocks = [...page.matchAll(/```(sh|json|js)\n([\s\S]*?)```/g)].map(([, kind = '', text = '']) => ({ kind, text }))

const school = await openSchool()
after(() => school.close())
const theo = await school.person('Theo', 'instructor', 'admin')
const lena = await school.person('Lena')
await school.person('Max')
const { course, section } = await aCourse(theo)
const lesson = await aLesson(theo, { course, section })
await theo.client.courses.updateLesson({ lesson, text: 'Look at the window.' })
const { slug } = await theo.client.courses.publish({ course })
await lena.client.learning.enrol({ course })
await school.settle()
const { secret } = await theo.client.tokens.create({ name: 'The examples', scopes: [...SCOPES], days: 1 })

const VALUES: Record<string, string> = { SCHOOL: 'http://school.test', TOKEN: secret, COURSE: course, SECTION: section, LESSON: lesson, SLUG: slug }
const filled = (text: string): string => text.replaceAll(/\$([A-Z]+)/g, (_, name: string) => VALUES[name] ?? assert.fail(`$${name} is not said to be anything`))

/** The words of a command as a shell has them: quotation marks of both kinds, and what stands next to each other is one. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"|([^'"]+)/g, (_, exact?: string, quoted?: string, bare?: string) => exact ?? filled(quoted ?? bare ?? '')),
  )

type Command = { request: Request; status: number }

const commandOf = (line: string): Command => {
  const [command = '', comment = ''] = line.split('   # ')
  const [program, ...words] = wordsOf(command)
  assert.equal(program, 'curl')
  const [headers, asked]: [Record<string, string>, { method: string; url: string; body?: string }] = [{}, { method: 'GET', url: '' }]
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const value = words[at + 1] ?? ''
    if (word === '-X') asked.method = value
    else if (word === '-d') asked.body = value
    else if (word === '-H') headers[value.split(': ', 1)[0] ?? ''] = value.slice(value.indexOf(': ') + 2)
    else if (word !== '-sS') asked.url = word
    if (['-X', '-d', '-H'].includes(word)) at += 1
  }
  const { url, ...rest } = asked
  return { request: new Request(url, { ...rest, headers }), status: comment === '' ? 200 : Number(comment) }
}

const commandsOf = (text: string): Command[] =>
  text
    .replaceAll(/\\\n\s*/g, '')
    .trim()
    .split('\n')
    .map(commandOf)

/** Whether all that is shown is in what was answered, by its names; of a list its first. */
const isLike = (shown: unknown, answered: unknown): boolean => {
  if (Array.isArray(shown)) return Array.isArray(answered) && (shown.length === 0 || answered.some((each) => isLike(shown[0], each)))
  if (typeof shown !== 'object' || shown === null) return typeof shown === typeof answered
  return (
    typeof answered === 'object' &&
    answered !== null &&
    Object.entries(shown).every(([name, value]) => name in answered && isLike(value, Object(answered)[name]))
  )
}

test('each command of the page is answered as the page says', async () => {
  let ran = 0
  for (const [at, { kind, text }] of blocks.entries()) {
    if (kind !== 'sh') continue
    let answer: unknown
    for (const { request, status } of commandsOf(text)) {
      const response = await school.api(request)
      answer = await response.json()
      assert.equal(response.status, status, `${request.method} ${request.url}: ${JSON.stringify(answer)}`)
      ran += 1
    }
    const next = blocks[at + 1]
    if (next?.kind === 'json' && page.includes(`${text}\`\`\`\n\`\`\`json\n${next.text}`)) assert.ok(isLike(JSON.parse(next.text), answer), next.text)
  }
  assert.ok(ran >= 12)
})

test('every event is told of, and the function that verifies one believes the school and nobody else', async () => {
  for (const name of WEBHOOK_EVENTS) assert.ok(page.includes(`\`${name}\``), name)
  const [example] = blocks.filter(({ kind }) => kind === 'js')
  const { isFromSchool } = await import(`data:text/javascript,${encodeURIComponent(example?.text ?? '')}`)
  const [body, at, ours, theirs] = ['{"type":"order.paid"}', new Date(1_777_885_200_000), secretOf('a'.repeat(43)), secretOf('b'.repeat(43))]
  const given = { headers: headersOf([theirs, ours], { id: 'msg_1', at, body }), body, secret: ours, now: at.getTime() }
  assert.equal(isFromSchool(given), true)
  assert.equal(isFromSchool({ ...given, body: `${body} ` }), false)
  assert.equal(isFromSchool({ ...given, secret: secretOf('c'.repeat(43)) }), false)
  assert.equal(isFromSchool({ ...given, now: at.getTime() + 301_000 }), false)
})
