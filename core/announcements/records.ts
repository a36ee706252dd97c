import * as z from 'zod/mini'
import { Announcement } from '#contract/announcements.ts'
import { ofNobody, ofTheSchool } from '#core/personal.ts'
import { records } from '#core/records.ts'

export const StoredAnnouncement = z.object({
  ...Announcement.shape,
  told: z.int(),
  isTold: z.boolean(),
})
export type StoredAnnouncement = z.infer<typeof StoredAnnouncement>

export const SCHEDULED = 'announcements-scheduled'

/** Of a course, in the order they were begun; the index holds those that wait for their moment. */
export const announcementRecords = records({
  schema: StoredAnnouncement,
  key: ({ course, id }: { course: string; id: string }) => ({ pk: `announcements#${course}`, sk: id }),
  index: ({ id, state, at }) => (state === 'scheduled' && at !== undefined ? { ipk: SCHEDULED, isk: `${at}#${id}` } : undefined),
  people: { ...ofTheSchool, says: 'Announcements you have made' },
})

/** Which course an announcement is of. */
export const announcementCourseRecords = records({
  schema: z.object({ id: z.string(), course: z.string() }),
  key: ({ id }: { id: string }) => ({ pk: `announcement#${id}`, sk: 'course' }),
  people: ofNobody,
})
