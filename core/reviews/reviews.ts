import type { reviews as contract } from '#contract/reviews.ts'
import { ownCourse } from '#core/courses/outline.ts'
import { publicationRecords } from '#core/courses/records.ts'
import type { Feature } from '#core/handlers.ts'
import { missing } from '#core/refusal.ts'
import { judge, reply, report } from './judging.ts'
import { hiddenOf, pageOf, reviewPage, shownOf, summaryOf } from './records.ts'
import { forStaff, mine, withdraw, write } from './writing.ts'

export const reviews: Feature<typeof contract> = {
  handlers: {
    ofCourse: async (world, _actor, { course, page }) => {
      if (!(await publicationRecords.get(world.tables, { id: course }))?.value.isListed) throw missing('course')
      return reviewPage(world.tables, { course, page })
    },
    mine,
    write,
    withdraw,
    report,
    forStaff: async (world, actor, { course, state, page }) => {
      await ownCourse(world.tables, actor, course, { to: 'talk' })
      const { items, next } = await pageOf(world.tables, state === 'hidden' ? hiddenOf(course) : shownOf(course), page)
      return { summary: await summaryOf(world.tables, course), reviews: items.map(forStaff), ...(next !== undefined && { next }) }
    },
    reply,
    judge,
  },
  hearings: [],
  timers: [],
}
