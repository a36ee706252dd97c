import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CatalogueEntry } from '#contract/catalogue.ts'
import type { HomeSection } from '#contract/storefront.ts'
import { USUAL_HOME } from '#contract/usual.ts'
import { shownSections } from './shown.ts'

const course = (id: string): CatalogueEntry => ({
  ...{ id, slug: id, title: id, summary: '', teacher: 'Theo', price: { amountMinor: 0, currency: 'EUR' }, otherPrices: [] },
  ...{ lessons: 1, durationSeconds: 0, publishedAt: '2026-05-04T09:00:00Z' },
})
const COURSES = ['crs_newest', 'crs_middle', 'crs_oldest'].map(course)
const shown = (sections: HomeSection[], courses = COURSES) =>
  shownSections({ sections }, courses).map(({ section, courses: of }) => [section.kind, ...of.map(({ id }) => id)])

test('a home page nobody has changed features the newest course and lists the others', () => {
  assert.deepEqual(shown(USUAL_HOME.sections), [['hero'], ['featured', 'crs_newest'], ['courses', 'crs_middle', 'crs_oldest'], ['offers']])
  assert.deepEqual(shown(USUAL_HOME.sections, COURSES.slice(0, 1)), [['hero'], ['featured', 'crs_newest'], ['offers']], 'none is left for all')
})

test('chosen courses stand in the order of their choice, and the newest stands in for ones that are gone', () => {
  const featured: HomeSection = { id: 'sec_featured1', isOn: true, kind: 'featured', title: '', courses: ['crs_oldest', 'crs_gone', 'crs_middle'] }
  const all: HomeSection = { id: 'sec_courses01', isOn: true, kind: 'courses', title: '' }
  assert.deepEqual(shown([all, featured]), [
    ['courses', 'crs_newest'],
    ['featured', 'crs_oldest', 'crs_middle'],
  ])
  assert.deepEqual(shown([{ ...featured, courses: ['crs_gone'] }]), [['featured', 'crs_newest']])
  assert.deepEqual(shown([{ ...featured, isOn: false }, all]), [['courses', 'crs_newest', 'crs_middle', 'crs_oldest']])
})

test('what is empty or switched off is not shown', () => {
  const text: HomeSection = { id: 'sec_text00001', isOn: true, kind: 'text', title: '', text: ' ' }
  const voices: HomeSection = { id: 'sec_voices001', isOn: true, kind: 'voices', title: 'They say', voices: [] }
  assert.deepEqual(shown([text, voices]), [])
  assert.deepEqual(
    shown([
      { ...text, text: 'Why' },
      { ...voices, voices: [{ words: 'Good', name: 'Lena', about: '' }] },
    ]),
    [['text'], ['voices']],
  )
})
