import { provide } from 'vue'
import { client } from '../api.ts'
import { PICTURES } from './pictures-of.ts'

const MOST_AT_ONCE = 60

/** Texts on this page may show the pictures of a lesson. */
export const useLessonPictures = (lesson: () => string): void =>
  provide(PICTURES, async (ids) => {
    const { pictures } = await client.pictures.open({ lesson: lesson(), pictures: ids.slice(0, MOST_AT_ONCE) })
    return new Map(pictures.map(({ id, url }) => [id, url]))
  })
