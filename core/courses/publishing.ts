import type { Catalogue } from '#contract/catalogue.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { all } from '#core/records.ts'
import type { World } from '#ports/world.ts'
import { coursePage } from './page.ts'
import { catalogueEntry, publicCourse, refreshed } from './publish.ts'
import { publicationRecords, type StoredPublication } from './records.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const HTML_TYPE = 'text/html; charset=utf-8'
const SHORT = 'public, max-age=0, must-revalidate'

export const SHELL_KEY = 'web/index.html'
const courseKey = (slug: string): string => `catalogue/${slug}.json`
const pageKey = (slug: string): string => `catalogue/pages/${slug}.html`

const listed = (world: World): Promise<StoredPublication[]> =>
  all((page) => publicationRecords.listIndex(world.tables, 'catalogue', { descending: true, limit: 1000, ...(page && { page }) }))

const catalogueNow = async (world: World): Promise<string> => {
  const catalogue: Catalogue = { school: world.settings.schoolName, courses: (await listed(world)).map(catalogueEntry) }
  return JSON.stringify(catalogue)
}

/**
 * The whole catalogue anew from what is stored: running it twice, or late, gives the same file. It is read again after
 * writing, since two runs side by side could otherwise leave the older one's file.
 */
const writeCatalogue = async (world: World): Promise<void> => {
  let written = ''
  for (let wanted = await catalogueNow(world); wanted !== written; wanted = await catalogueNow(world)) {
    await world.objects.put('catalogue/index.json', wanted, { type: JSON_TYPE, cacheControl: SHORT })
    written = wanted
  }
}

const writePage = async (world: World, publication: StoredPublication): Promise<void> => {
  const shell = await world.objects.get(SHELL_KEY)
  if (!shell) return
  const html = coursePage({ shell: new TextDecoder().decode(shell.bytes), course: publicCourse(publication), settings: world.settings })
  await world.objects.put(pageKey(publication.slug), html, { type: HTML_TYPE, cacheControl: SHORT })
}

const removePages = async ({ objects }: World, slug: string): Promise<void> => {
  await objects.remove(courseKey(slug))
  await objects.remove(pageKey(slug))
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
    await world.objects.put(courseKey(slug), JSON.stringify(publicCourse(fresh)), { type: JSON_TYPE, cacheControl: SHORT })
    await writePage(world, fresh)
  } else {
    await removePages(world, slug)
  }
  await writeCatalogue(world)
}

export const publishing: readonly Hearing[] = [
  hearing('courses.write-published', 'course.published', (world, { course }) => writeCourse(world, course)),
  hearing('courses.remove-unpublished', 'course.unpublished', (world, { course }) => writeCourse(world, course)),
  // The unpublishing before it may not have been heard of yet, and finds nothing then.
  hearing('courses.remove-removed', 'course.removed', async (world, { slug }) => {
    await removePages(world, slug)
    await writeCatalogue(world)
  }),
  hearing('courses.write-durations', 'video.ready', (world, { course }) => writeCourse(world, course)),
  hearing('courses.write-all', 'web.deployed', async (world) => {
    for (const publication of await listed(world)) await writePage(world, publication)
    await writeCatalogue(world)
  }),
]
