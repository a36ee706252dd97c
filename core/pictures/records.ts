import * as z from 'zod/mini'
import { PicturePlace, PictureType } from '#contract/pictures.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** A picture of a course's texts, from the moment it is begun until the course has been removed. */
export const StoredPicture = z.object({
  id: z.string(),
  course: z.string(),
  place: PicturePlace,
  type: PictureType,
  sizeBytes: z.int(),
  /** Where its bytes arrive. */
  key: z.string(),
  ticket: z.string(),
  at: z.string(),
  /** Once its bytes have been looked at. */
  finished: z.optional(z.object({ key: z.string(), address: z.string(), width: z.int(), height: z.int() })),
})
export type StoredPicture = z.infer<typeof StoredPicture>

export const picturesOf = (course: string): string => `pictures-of#${course}`

export const pictureRecords = records({
  schema: StoredPicture,
  key: ({ id }: { id: string }) => ({ pk: `picture#${id}`, sk: 'picture' }),
  index: ({ course, id }) => ({ ipk: picturesOf(course), isk: id }),
  people: ofNobody,
})
