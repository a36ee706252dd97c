import { MOST_PICTURE_BYTES, PictureType } from '#contract/pictures.ts'
import { client, wordsOf } from '../../lib/api.ts'
import { text } from '../../lib/i18n.ts'
import { hashOf } from '../media/hash.ts'

/** Whose text it is for, and who may see it: `lesson`, whoever may see the lesson; `page`, everybody. */
export type PicturePlace = { course: string; place: 'lesson' | 'page' }

export const PICTURE_TYPES = PictureType.def.entries

const isPictureType = (type: string): type is PictureType => Object.values<string>(PICTURE_TYPES).includes(type)

export type Sent = { address: string } | { refused: string }

/** Sends a picture and answers the address to write into the text, or in words why there is none. */
export const sendPicture = async (file: File, { course, place }: PicturePlace): Promise<Sent> => {
  const { type } = file
  if (!isPictureType(type)) return { refused: text('writing.wrongType', { name: file.name }) }
  if (file.size > MOST_PICTURE_BYTES) return { refused: text('writing.tooLarge', { name: file.name }) }
  try {
    const hash = await hashOf(file)
    const { id, url } = await client.pictures.start({ course, place, type, sizeBytes: file.size, ...(hash !== undefined && { hash }) })
    const answer = await fetch(url, { method: 'PUT', body: file })
    if (!answer.ok) return { refused: text('writing.lost', { name: file.name }) }
    return { address: (await client.pictures.finish({ picture: id })).address }
  } catch (error) {
    return { refused: wordsOf(error) }
  }
}
