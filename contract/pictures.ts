import * as z from 'zod/mini'
import { endpoint, id } from './base.ts'

export const MOST_PICTURE_BYTES = 10 * 1024 ** 2

/** Nothing that could hold a script: no SVG. */
export const PictureType = z.enum(['image/png', 'image/jpeg', 'image/webp', 'image/avif', 'image/gif'])
export type PictureType = z.infer<typeof PictureType>

/** Where it is shown: `lesson`, to whoever may see that lesson; `page`, to everybody, on the pages that sell a course. */
export const PicturePlace = z.enum(['lesson', 'page'])

const picture = id('pic')

export const pictures = {
  start: endpoint({
    method: 'POST',
    path: '/teach/courses/{course}/pictures',
    access: 'teaching',
    summary: 'Begin to send a picture for the texts of a course: a URL to PUT its bytes to, whole',
    input: z.object({
      course: id('crs'),
      place: PicturePlace,
      type: PictureType,
      sizeBytes: z.int(),
      /** 32 bytes in base64. Left out by a page that cannot hash. */
      hash: z.optional(z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/))),
    }),
    output: z.object({ id: picture, url: z.string() }),
  }),
  finish: endpoint({
    method: 'POST',
    path: '/teach/pictures/{picture}/finish',
    access: 'teaching',
    summary: 'The bytes have been sent: the address to write into a text',
    input: z.object({ picture }),
    output: z.object({ address: z.string(), width: z.int(), height: z.int() }),
  }),
  open: endpoint({
    method: 'POST',
    path: '/lessons/{lesson}/pictures',
    access: 'anyone',
    summary: 'URLs, good for at most five minutes, of pictures that a lesson I may see names',
    input: z.object({ lesson: id('les'), pictures: z.array(picture).check(z.minLength(1), z.maxLength(60)) }),
    output: z.object({ pictures: z.array(z.object({ id: picture, url: z.string() })) }),
  }),
}
