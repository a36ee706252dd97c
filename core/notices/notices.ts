import { courseRecords, publicationRecords, publishedLessonRecords } from '#core/courses/records.ts'
import { enrolmentOf } from '#core/enrolments/enrolments.ts'
import { type Hearing, hearing } from '#core/events.ts'
import { rightsOf } from '#core/grants/decide.ts'
import type { Timer } from '#core/handlers.ts'
import { videoRecords } from '#core/media/records.ts'
import type { World } from '#ports/world.ts'
import { leavingLetters } from './leaving.ts'
import { membershipLetters } from './memberships.ts'
import { orderLetters } from './orders.ts'
import { receiptLetters } from './receipts.ts'
import { reviewLetters } from './reviews.ts'
import { seatLetters } from './seats.ts'
import { seriesLetters } from './series.ts'
import { staffLetters } from './staff.ts'
import { tokenLetters } from './tokens.ts'
import { write, writeIfWanted } from './write.ts'

/** Until when a right holds that runs out by itself; undefined where one holds for good. */
const givenUntil = async ({ tables, clock }: World, learner: string, course: string): Promise<string | undefined> => {
  const facts = (await enrolmentOf(tables, learner, course))?.value.facts ?? []
  const ends = rightsOf(facts, clock.now().toISOString()).flatMap(({ isRunning, until }) => (isRunning ? [until] : []))
  return ends.every((until) => until !== undefined) ? ends.toSorted().at(-1) : undefined
}

const welcome = hearing('notices.welcome', 'enrolment.started', async (world, { learner, course: id }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  const first = course?.sections[0]?.lessons[0]
  if (!course || !first) return
  const { title, teacher, lessons } = course
  const until = await givenUntil(world, learner, id)
  await write(world, {
    // Of each beginning: somebody may have had the course back then and buy it again.
    id: happening,
    kind: 'course',
    person: learner,
    content: ({ shop }, { moment }) => {
      const { welcome: words } = shop.course
      return {
        subject: words.subject(title),
        paragraphs: [`${words.text(title, teacher)} ${words.lessons(lessons)}`, ...(until === undefined ? [] : [words.until(moment(until))])],
        action: { label: words.action, url: `${world.settings.url}/learn/${id}/${first.id}` },
      }
    },
  })
})

const ended = hearing('notices.ended', 'enrolment.ended', async (world, { learner, course: id, because }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  await write(world, {
    id: happening,
    kind: 'course',
    person: learner,
    content: ({ shop: { course: words } }) => {
      const { subject, text, kept } = words.ended[because]
      return {
        subject: subject(course?.title ?? words.unnamed.alone),
        paragraphs: [text(course ? words.named(course.title) : words.unnamed.within), kept],
        ...(course?.isListed && { action: { label: words.page, url: `${world.settings.url}/courses/${course.slug}` } }),
      }
    },
  })
})

const returned = hearing('notices.returned', 'enrolment.returned', async (world, { learner, course: id }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  if (!course) return
  await write(world, {
    id: happening,
    kind: 'course',
    person: learner,
    content: ({ shop: { course: words } }) => ({
      subject: words.returned.subject(course.title),
      paragraphs: [words.returned.text(course.title)],
      action: { label: words.learn, url: `${world.settings.url}/learning` },
    }),
  })
})

const ready = hearing('notices.video-ready', 'video.ready', async (world, { video: id, course }, { id: happening }) => {
  const video = (await videoRecords.get(world.tables, { id }))?.value
  if (!video) return
  const content = {
    subject: `Your video is ready: ${video.fileName}`,
    paragraphs: [`“${video.fileName}” can be watched in ${video.rungs.join(', ')}.`],
    action: { label: 'Open the course', url: `${world.settings.url}/teach/courses/${course}` },
  }
  await writeIfWanted(world, { id: happening, person: video.owner, kind: 'video', content })
})

const failed = hearing('notices.video-failed', 'video.failed', async (world, { video: id, course }, { id: happening }) => {
  const video = (await videoRecords.get(world.tables, { id }))?.value
  if (video?.reason === undefined) return
  const content = {
    subject: `Your video could not be used: ${video.fileName}`,
    paragraphs: [video.reason],
    action: { label: 'Open the course', url: `${world.settings.url}/teach/courses/${course}` },
  }
  await write(world, { id: happening, kind: 'video', person: video.owner, content })
})

const held = hearing('notices.video-held', 'video.held', async (world, { video: id, course }, { id: happening }) => {
  const video = (await videoRecords.get(world.tables, { id }))?.value
  if (video?.state !== 'held' || video.reason === undefined) return
  const content = {
    subject: `Your video waits for the school’s budget: ${video.fileName}`,
    paragraphs: [video.reason, 'It goes on by itself as soon as there is room.'],
    action: { label: 'Open the course', url: `${world.settings.url}/teach/courses/${course}` },
  }
  await write(world, { id: happening, kind: 'video', person: video.owner, content })
  const text = `“${video.fileName}” is held. ${video.reason} The budget is set at ${world.settings.url}/school/videos`
  await world.alerts.tell({ kind: 'films', id: happening, subject: 'The month’s budget for videos is used up', text })
})

const publishRefused = hearing('notices.publish-refused', 'course.publish-refused', async (world, { course: id, teacher, says }, { id: happening }) => {
  const course = (await courseRecords.get(world.tables, { id }))?.value
  if (!course) return
  const content = {
    subject: `Not published: ${course.title}`,
    paragraphs: [
      `“${course.title}” was to be published by itself at this time, and could not be.`,
      says,
      'Nothing has changed for learners. Choose another time, or publish it by hand, once this is put right.',
    ],
    action: { label: 'Open the course', url: `${world.settings.url}/teach/courses/${id}` },
  }
  await write(world, { id: happening, kind: 'course', person: teacher, content })
})

const flagged = hearing('notices.viewer-flagged', 'viewer.flagged', async (world, { person, lesson: id }, { id: happening }) => {
  const { tables, identity, alerts, settings } = world
  const title = (await publishedLessonRecords.get(tables, { id }))?.value.title
  await write(world, {
    id: happening,
    kind: 'account',
    person,
    content: ({ viewer: words }) => ({
      subject: words.subject,
      paragraphs: [words.text(title ?? words.lesson), words.slowed, words.after],
      action: { label: words.action, url: `${settings.url}/learning` },
    }),
  })
  const who = await identity.find(person)
  if (!who) return
  const text = `${who.name} <${who.email}> is loading “${title ?? 'a lesson'}” far faster than it can be watched: someone, or some program, may be saving it. They are slowed down to four times the speed of the video, and have been written to. Whoever may watch can always record, so this slows and tells; it proves nothing.`
  await alerts.tell({ kind: 'viewers', id: happening, subject: 'An account loads videos faster than they can be watched', text })
})

/** Letters the school writes. It keeps no endpoint: what happens elsewhere makes it write. */
export const notices: { hearings: readonly Hearing[]; timers: readonly Timer[] } = {
  hearings: [
    welcome,
    ended,
    returned,
    ready,
    held,
    failed,
    publishRefused,
    flagged,
    ...receiptLetters,
    ...seatLetters,
    ...staffLetters,
    ...tokenLetters,
    ...orderLetters,
    ...membershipLetters,
    ...seriesLetters,
    ...reviewLetters,
    ...leavingLetters,
  ],
  timers: [],
}
