import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import MarkdownIt from 'markdown-it'
import { readLesson } from '#core/content/format/lesson.ts'
import { aBrief, aDraft, aPublisher, PATH, RUN } from './draft.fixture.ts'
import { HOSTILE, type Hostile } from './hostile.fixture.ts'
import { fingerprint } from './similarity.ts'

/** Of the repository, only these may be called. */
const CALLS = new Set(['proposedSince', 'propose', 'comment', 'setStatus'])

/** As the repository's service reads a description or a comment, and as the school reads a lesson. */
const onGithub = new MarkdownIt({ html: true, linkify: true })
const inSchool = new MarkdownIt({ html: true, linkify: true, typographer: true })

const tokensOf = (reader: typeof onGithub, text: string) => reader.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])])

/** Words that do something on a page of the service, where they are not code. */
const ACTIVE = /@\w|#\d|\bGH-\d|\[(skip|no|ci|actions)[ -]/i

const assertHarmless = (text: string, says: string): void => {
  const tokens = tokensOf(onGithub, text)
  const tags = tokens.filter(({ type, content }) => type.startsWith('html_') && content !== '<br>').map(({ content }) => content)
  assert.deepEqual(tags, [], says)
  const words = tokens.filter(({ type }) => type === 'text').map(({ content }) => content)
  for (const word of words) assert.doesNotMatch(word, ACTIVE, says)
  const addresses = tokens.filter(({ type }) => type === 'link_open' || type === 'image').map((token) => String(token.attrGet('href') ?? token.attrGet('src')))
  assert.deepEqual(
    addresses.filter((address) => !address.startsWith('https://school.example/')),
    [],
    says,
  )
}

const said = ({ says }: Hostile): string => JSON.stringify(says).slice(1, -1)

const played = async ({ says, brief, draft, raw }: Hostile) => {
  const scene = aPublisher()
  const earlier = says === 'a lesson that is there already' ? [{ title: 'Functions', summary: '', fingerprint: fingerprint(aDraft().text) }] : []
  if (raw !== undefined) await scene.publisher.drafts.put(`runs/${RUN}/draft.json`, raw, { type: 'application/json' })
  const news = await scene.publish({ brief: aBrief({ ...brief, earlier }), ...(raw === undefined && { draft: aDraft(draft) }) })
  // A draft of another run lies under this one's name.
  if (news?.type !== 'draft.failed') return { ...scene, news }
  await scene.publisher.drafts.put(`runs/${RUN}/draft.json`, JSON.stringify(aDraft(draft)), { type: 'application/json' })
  return { ...scene, news: await scene.publish() }
}

describe('a hostile draft', () => {
  it('is of many kinds', () => assert.ok(HOSTILE.length >= 100, `${HOSTILE.length}`))

  for (const hostile of HOSTILE.filter(({ found }) => found !== undefined))
    it(`with ${said(hostile)} is refused by the check of ${hostile.found}`, async () => {
      const { news, repository, visited } = await played(hostile)
      assert.ok(news?.type === 'draft.refused', JSON.stringify(news))
      const errors = news.detail.findings.filter(({ severity }) => severity === 'error').map(({ check }) => check)
      assert.ok(errors.includes(hostile.found ?? ''), JSON.stringify(news.detail.findings))
      assert.deepEqual([repository.made, repository.pulls.size], [[], 0])
      for (const url of visited) assert.match(url, /^https:\/\/(book\.example|([a-z]+\.)?wikipedia\.org)(\/|$)/)
      assert.ok(JSON.stringify(news).length < 20_000)
    })

  for (const hostile of HOSTILE.filter(({ found }) => found === undefined))
    it(`with ${said(hostile)} is words in the one file, for people to judge`, async () => {
      const { news, repository } = await played(hostile)
      assert.ok(news?.type === 'draft.proposed', JSON.stringify(news))
      assert.deepEqual(
        repository.made.filter((call) => !CALLS.has(call)),
        [],
      )
      const [pull, ...more] = repository.pulls.values()
      assert.deepEqual([more, pull?.branch, [...(pull?.files.keys() ?? [])]], [[], `lectern/${RUN}`, [PATH]])
      const reading = readLesson(pull?.files.get(PATH) ?? '')
      assert.ok('document' in reading)
      const { id, kind, isPreview, files } = reading.document
      assert.deepEqual({ id, kind, isPreview, files }, { id: 'les_0000000001', kind: 'article', isPreview: false, files: [] })
      assert.deepEqual(
        tokensOf(inSchool, reading.document.text).filter(({ type }) => type.startsWith('html_')),
        [],
      )
      assert.doesNotMatch(pull?.title ?? '', ACTIVE)
      assert.doesNotMatch(pull?.title ?? '', /[\n\r]/)
      assertHarmless(pull?.body ?? '', 'the description')
      assertHarmless(repository.said[0]?.text ?? '', 'the report')
    })

  it('gives away no secret in what is told of it', async () => {
    for (const hostile of HOSTILE.filter(({ found }) => found === 'secrets')) {
      const { news } = await played(hostile)
      assert.doesNotMatch(JSON.stringify(news), /AKIA|ghp_|hunter|xoxb|MIIE|tr0ub|q7Zp|wJalr/)
    }
  })
})
