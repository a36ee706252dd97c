import type { Film, FilmsShown } from '#contract/desks.ts'
import { groupOf } from '#contract/media.ts'
import { courseRecords, lessonRecords } from '#core/courses/records.ts'
import { type StoredVideo, videoRecords } from '#core/media/records.ts'
import { filmsPage } from '#core/media/room.ts'
import { shownVideo } from '#core/media/videos.ts'
import type { World } from '#ports/world.ts'

const LOOKED_AT_ONCE = 25
const ROWS = 25
/** A look goes through so many pages; the rest is asked for by its token. */
const MOST_PAGES = 16

type Part = { videos: StoredVideo[]; next: string | undefined }

/** By the claims that films have on the store: the one list of all, whoever sent them. */
const someFilms = async ({ tables }: Pick<World, 'tables'>, page: string | undefined, limit: number): Promise<Part> => {
  const { items, next } = await filmsPage(tables, { limit, page })
  const videos = await Promise.all(items.map(({ video: id }) => videoRecords.get(tables, { id })))
  return { videos: videos.flatMap((video) => (video ? [video.value] : [])), next }
}

/** The newest films, as far as one look goes. */
export const newestFilms = async (world: Pick<World, 'tables'>, most: number): Promise<StoredVideo[]> => (await someFilms(world, undefined, most)).videos

const told = async (world: World, video: StoredVideo): Promise<Film> => {
  const { tables, identity } = world
  const [lesson, course, teacher] = await Promise.all([
    lessonRecords.get(tables, { id: video.lesson }),
    courseRecords.get(tables, { id: video.course }),
    identity.find(video.owner),
  ])
  return {
    video: shownVideo(world, video),
    ...(lesson && { lesson: lesson.value.title }),
    ...(course && { course: { id: course.value.id, title: course.value.title } }),
    ...(teacher && { teacher: teacher.name }),
    ...(video.times.begun !== undefined && { begunAt: video.times.begun }),
  }
}

export const films = async (world: World, { show, page: from }: { show: FilmsShown; page?: string | undefined }) => {
  const found: StoredVideo[] = []
  let page = from
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const part = await someFilms(world, page, LOOKED_AT_ONCE)
    found.push(...part.videos.filter((video) => show === 'all' || groupOf(video) === show))
    page = part.next
    if (page === undefined || found.length >= ROWS) break
  }
  return { films: await Promise.all(found.map((video) => told(world, video))), ...(page !== undefined && { next: page }) }
}
