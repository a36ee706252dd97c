import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeriesBrief } from '#contract/series.ts'
import { aBrief } from './series.fixture.ts'
import { type BriefDraft, briefOf, draftOf, emptyBrief, linesOf, problemsOf } from './series-draft.ts'

const NOW = new Date('2026-11-28T21:00:00Z')
const draft = (of: Partial<BriefDraft> = {}): BriefDraft => ({ ...draftOf(aBrief()), ...of })

test('a brief goes through the form and comes back the same', () => {
  const brief = aBrief({ sources: [{ title: 'A book of light', url: 'https://example.org/light' }], schedule: { cron: '20 8 1 * *', zone: 'UTC' } })
  assert.deepEqual(briefOf(draftOf(brief), NOW), brief)
})

test('a new form says what is missing and nothing else', () => {
  assert.deepEqual(problemsOf(emptyBrief('Europe/Berlin', 'en'), NOW), { title: 'missing', course: 'missing', points: 'missing' })
  assert.equal(problemsOf(draft({ section: '' }), NOW).section, 'missing')
})

test('what the form lets through, the school takes', () => {
  const brief = briefOf(draft({ minutes: ' 30 ', monthDollars: '9999.99', monthTokens: '100,000,000', runTokens: '1000', runDollars: '0,001' }), NOW)
  assert.equal(SeriesBrief.safeParse(brief).success, true)
})

test('numbers out of bounds, a month below its run and a schedule that never comes are told at their field', () => {
  const problems = problemsOf(
    draft({ minutes: '31', questions: 'few', runDollars: '0', monthTokens: '39000', plan: { ...draft().plan, rhythm: 'own', own: '0 9 30 2 *' } }),
    NOW,
  )
  assert.deepEqual(problems, { minutes: 'minutes', questions: 'questions', runDollars: 'dollars', monthTokens: 'below-run', plan: 'never' })
  assert.equal(problemsOf(draft({ plan: { ...draft().plan, days: [] } }), NOW).plan, 'days')
  assert.equal(problemsOf(draft({ plan: { ...draft().plan, rhythm: 'own', own: '*/20 * * * *' } }), NOW).plan, 'too-often')
  const ofCron = (own: string) => problemsOf(draft({ plan: { ...draft().plan, rhythm: 'own', own } }), NOW).plan
  const wrong = ['99 9 * * 1', '0 24 * * 1', '0 9 40 * *', '0 9 * 13 *', '0 9 * * 9', '0 9 * *', 'every morning'].map(ofCron)
  assert.deepEqual(wrong, ['minute', 'hour', 'day', 'month', 'weekday', 'schedule', 'schedule'])
  assert.equal(problemsOf(draft({ points: ['Light', ' Light '].map((text, key) => ({ key, text })) }), NOW).points, 'twice')
  assert.equal(briefOf(draft({ minutes: '31' }), NOW), undefined)
})

test('a source needs a title and an address that others can open; an empty row is none', () => {
  const of = (title: string, url: string) => problemsOf(draft({ sources: [{ key: 7, title, url }] }), NOW)['source-7']
  assert.equal(of('', ''), undefined)
  assert.equal(of('A book', 'https://example.org/a?b=1'), undefined)
  assert.equal(of('', 'https://example.org'), 'missing')
  for (const url of ['', 'example.org', 'ftp://example.org', 'http://localhost/x', 'http://10.0.0.1']) assert.equal(of('A book', url), 'address', url)
})

test('an outline pasted from elsewhere loses its bullets and numbers', () => {
  assert.deepEqual(linesOf('1. What light does\r\n2) Light at noon\n\n- Shade \n• 3 points of light\nPlain'), [
    ...['What light does', 'Light at noon', 'Shade', '3 points of light', 'Plain'],
  ])
})
