import type { PublishedCourse } from '#contract/catalogue.ts'
import type { PublishedPreview } from '#contract/published-page.ts'
import { lessonView } from '#core/learning/view.ts'
import { mediaPrefix, posterOf, videoRecords } from '#core/media/records.ts'
import { objectsBelow } from '#core/objects.ts'
import { htmlOf, pageKey, SHORT, writePage } from '#core/published.ts'
import { Refusal } from '#core/refusal.ts'
import { shownSchool } from '#core/storefront/brand.ts'
import { PREVIEW_PAGES } from '#core/storefront/previews.ts'
import type { World } from '#ports/world.ts'
import { aboutPreview } from './page.ts'
import { publishedLessonRecords } from './records.ts'

/** Nobody chooses a course by more; each has a page of its own, which is written with the course. */
const MOST_PREVIEWS = 40

const pagesUnder = (slug: string): string => `${PREVIEW_PAGES}${slug}/`
const postersUnder = (slug: string): string => `catalogue/posters/${slug}/`

/** A copy in the open: all else of a video lies behind its lock. */
const copiedPoster = async (
  { tables, objects }: World,
  { slug, lesson, video }: { slug: string; lesson: string; video: string },
): Promise<string | undefined> => {
  const stored = (await videoRecords.get(tables, { id: video }))?.value
  const name = stored && posterOf(stored)
  const found = name === undefined ? undefined : await objects.get(`${mediaPrefix(video)}${name}`)
  if (!found) return undefined
  const key = `${postersUnder(slug)}${lesson}`
  await objects.put(key, found.bytes, { type: found.type, cacheControl: SHORT })
  return key
}

/** Undefined where nobody may see it after all: a course may have it wait. */
const previewOf = async (world: World, slug: string, lesson: string): Promise<PublishedPreview | undefined> => {
  try {
    const view = await lessonView(world, undefined, { lesson })
    const html = await htmlOf(world, view.text, { isWhole: true })
    const poster = view.video && (await copiedPoster(world, { slug, lesson, video: view.video.id }))
    return { view, ...(html !== undefined && { html }), ...(poster !== undefined && { poster: `/${poster}` }) }
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** What is there and not among `kept` goes. */
const clear = async (world: World, prefix: string, kept: ReadonlySet<string>): Promise<void> => {
  for await (const { key } of objectsBelow(world, prefix)) if (!kept.has(key)) await world.objects.remove(key)
}

/** A page for each lesson that is a free preview, and none for any other. */
export const writePreviews = async (world: World, course: PublishedCourse): Promise<void> => {
  const { slug, sections } = course
  const lessons = sections.flatMap((section) => section.lessons).filter(({ isPreview, kind }) => isPreview && (kind === 'video' || kind === 'article'))
  const school = await shownSchool(world)
  const kept = new Set<string>()
  for (const { id } of lessons.slice(0, MOST_PREVIEWS)) {
    const preview = (await publishedLessonRecords.get(world.tables, { id })) && (await previewOf(world, slug, id))
    if (!preview) continue
    const name = `learn/${slug}/${id}`
    await writePage(world, { name, about: aboutPreview(preview, school), shows: { preview } })
    kept.add(pageKey(name))
    if (preview.poster !== undefined) kept.add(preview.poster.slice(1))
  }
  await clear(world, pagesUnder(slug), kept)
  await clear(world, postersUnder(slug), kept)
}

export const removePreviews = async (world: World, slug: string): Promise<void> => {
  for (const prefix of [pagesUnder(slug), postersUnder(slug)]) await clear(world, prefix, new Set())
}
