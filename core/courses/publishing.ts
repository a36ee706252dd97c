import type { Catalogue, PublishedCourse } from '#contract/catalogue.ts'
import { NOTHING_MORE } from '#contract/usual.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { offersOnSale } from '#core/offers/on-sale.ts'
import { type Overlaid, overlaid } from '#core/overlay.ts'
import { htmlOf, JSON_TYPE, pageKey, SHORT, writePage } from '#core/published.ts'
import { all } from '#core/records.ts'
import { reviewPage } from '#core/reviews/records.ts'
import { schoolName, shownSchool } from '#core/storefront/brand.ts'
import { CATALOGUE_KEY } from '#core/storefront/catalogue.ts'
import { writeStorefront } from '#core/storefront/publishing.ts'
import type { World } from '#ports/world.ts'
import { aboutCourse } from './page.ts'
import { removePreviews, writePreviews } from './previews.ts'
import { catalogueEntry, publicCourse, refreshed } from './publish.ts'
import { publicationRecords, type StoredPublication } from './records.ts'

const courseKey = (slug: string): string => `catalogue/${slug}.json`

const listed = (world: World): Promise<StoredPublication[]> =>
  all((page) => publicationRecords.listIndex(world.tables, 'catalogue', { descending: true, limit: 1000, ...(page && { page }) }))

/** What is in the catalogue, with one course as it is under its key: an index may still list it as it was. */
const listedWith = async (world: World, id: string): Promise<Overlaid<StoredPublication>> => {
  const found = await listed(world)
  const now = (await publicationRecords.get(world.tables, { id }))?.value
  return overlaid(found, { id, now: now?.isListed ? now : undefined, sortKey: (course) => `${course.publishedAt}#${course.id}` })
}

type Written = { text: string; isBehind: boolean }

const catalogueNow = async (world: World, id: string | undefined): Promise<Written> => {
  const { values, isBehind } = id === undefined ? { values: await listed(world), isBehind: false } : await listedWith(world, id)
  const catalogue: Catalogue = { school: await schoolName(world), courses: values.map(catalogueEntry) }
  return { text: JSON.stringify(catalogue), isBehind }
}

/**
 * The whole catalogue anew from what is stored: running it twice, or late, gives the same file. It is read again after
 * writing, since two runs side by side could otherwise leave the older one's file.
 * @throws once it is written, when the index did not know yet of the course whose event this is: another's run may have missed it too
 */
const writeCatalogue = async (world: World, course?: string): Promise<void> => {
  let written = ''
  let now = await catalogueNow(world, course)
  while (now.text !== written) {
    await world.objects.put(CATALOGUE_KEY, now.text, { type: JSON_TYPE, cacheControl: SHORT })
    written = now.text
    now = await catalogueNow(world, course)
  }
  await writeStorefront(world)
  if (now.isBehind) throw new Error(`The catalogue's index does not know yet of ${course}: the catalogue is to be written again.`)
}

/** A course as it is published: with what was made of its texts, and the newest reviews. */
const wholeOf = async (world: World, publication: StoredPublication): Promise<PublishedCourse> => {
  const course = publicCourse(publication)
  const { teacher, questions } = course.sales ?? NOTHING_MORE
  const [description, ofTeacher, ...answers] = await Promise.all([
    htmlOf(world, course.description, { isWhole: true }),
    htmlOf(world, teacher.text, { isWhole: false, name: 'teacher' }),
    ...questions.map(({ answer }, place) => htmlOf(world, answer, { isWhole: false, name: `answer-${place + 1}` })),
  ])
  const isRead = description !== undefined && ofTeacher !== undefined
  return {
    ...course,
    reviews: await reviewPage(world.tables, { course: course.id }),
    ...(isRead && { html: { description, teacher: ofTeacher, answers: answers.map((each) => each ?? '') } }),
  }
}

/** A course's own files, which visitors read instead of asking. */
const writeFiles = async (world: World, publication: StoredPublication): Promise<void> => {
  const course = await wholeOf(world, publication)
  const { id, slug } = course
  await world.objects.put(courseKey(slug), JSON.stringify(course), { type: JSON_TYPE, cacheControl: SHORT })
  const offers = (await offersOnSale(world)).filter(({ courses }) => courses.some((each) => each.id === id))
  await writePage(world, { name: slug, about: aboutCourse(course, await shownSchool(world)), shows: { course, offers } })
  await writePreviews(world, course)
}

const removePages = async (world: World, slug: string): Promise<void> => {
  await world.objects.remove(courseKey(slug))
  await world.objects.remove(pageKey(slug))
  await removePreviews(world, slug)
}

/** Writes, or takes away, a course's static files according to what is stored now, whichever event asked for it. */
const writeCourse = async (world: World, id: string): Promise<void> => {
  const publication = await publicationRecords.get(world.tables, { id })
  if (!publication) return
  const { slug, isListed } = publication.value
  if (isListed) {
    const fresh = await refreshed(world.tables, publication.value)
    const outcome = await world.tables.commit([publicationRecords.replace(publication, fresh)])
    if (outcome === 'conflict') throw new Error(`Course ${id} was published again meanwhile.`)
    await writeFiles(world, fresh)
  } else {
    await removePages(world, slug)
  }
  await writeCatalogue(world, id)
}

const writeAll = async (world: World): Promise<void> => {
  for (const publication of await listed(world)) await writeFiles(world, publication)
  await writeCatalogue(world)
}

export const publishing: readonly Hearing[] = [
  hearing('courses.write-published', 'course.published', (world, { course }) => writeCourse(world, course)),
  hearing('courses.remove-unpublished', 'course.unpublished', (world, { course }) => writeCourse(world, course)),
  // The unpublishing before it may not have been heard of yet, and finds nothing then.
  hearing('courses.remove-removed', 'course.removed', async (world, { course, slug }) => {
    await removePages(world, slug)
    await writeCatalogue(world, course)
  }),
  hearing('courses.write-reviewed', 'review.changed', (world, { course }) => writeCourse(world, course)),
  hearing('courses.write-durations', 'video.ready', (world, { course }) => writeCourse(world, course)),
  hearing('courses.write-all', 'web.deployed', writeAll),
  hearing('courses.write-renamed', 'school.changed', async (world, { what }) => {
    if (what === 'brand') await writeAll(world)
  }),
]
