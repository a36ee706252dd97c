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

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

/** What is to be said of a right that runs out by itself; nothing where one holds for good. */
const givenUntil = async ({ tables, clock }: World, learner: string, course: string): Promise<string[]> => {
  const facts = (await enrolmentOf(tables, learner, course))?.value.facts ?? []
  const ends = rightsOf(facts, clock.now().toISOString()).flatMap(({ isRunning, until }) => (isRunning ? [until] : []))
  const last = ends.every((until) => until !== undefined) ? ends.toSorted().at(-1) : undefined
  return last === undefined ? [] : [`It is open to you until ${DAY.format(new Date(last))} (UTC).`]
}

const welcome = hearing('notices.welcome', 'enrolment.started', async (world, { learner, course: id }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  const first = course?.sections[0]?.lessons[0]
  if (!course || !first) return
  const until = await givenUntil(world, learner, id)
  const content = {
    subject: `You are in: ${course.title}`,
    paragraphs: [
      `Welcome to “${course.title}” with ${course.teacher}. ${course.lessons === 1 ? 'Its lesson is' : `All ${course.lessons} lessons are`} open to you now.`,
      ...until,
    ],
    action: { label: 'Begin the first lesson', url: `${world.settings.url}/learn/${id}/${first.id}` },
  }
  // Of each beginning: somebody may have had the course back then and buy it again.
  await write(world, { id: happening, kind: 'course', person: learner, content })
})

const ended = hearing('notices.ended', 'enrolment.ended', async (world, { learner, course: id, because }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  const title = course ? `“${course.title}”` : 'your course'
  const action = course?.isListed ? { action: { label: 'Open the course page', url: `${world.settings.url}/courses/${course.slug}` } } : {}
  const words = {
    refunded: {
      subject: `Refunded: ${course?.title ?? 'your course'}`,
      paragraphs: [
        `What you paid for ${title} has been given back in full, and your access to it has ended. Banks may take some days until the money is in your account.`,
        'Your progress is kept, should you come back to the course.',
      ],
    },
    disputed: {
      subject: `On hold: ${course?.title ?? 'your course'}`,
      paragraphs: [
        `Your bank has told us that the payment for ${title} is disputed, so your access waits until that is decided. If you did not dispute it, ask your bank about it, or write to the school.`,
        'Your progress is kept.',
      ],
    },
    unseated: {
      subject: `Your seat has ended: ${course?.title ?? 'your course'}`,
      paragraphs: [
        `Your seat in ${title} has ended: whoever bought it has given it to somebody else, or their payment did not last. Ask them if you do not know why.`,
        'Your progress is kept.',
      ],
    },
    ended: {
      subject: `Your access has ended: ${course?.title ?? 'your course'}`,
      paragraphs: [`The school has ended your access to ${title}. Ask the school if you do not know why.`, 'Your progress is kept.'],
    },
  }
  await write(world, { id: happening, kind: 'course', person: learner, content: { ...words[because], ...action } })
})

const returned = hearing('notices.returned', 'enrolment.returned', async (world, { learner, course: id }, { id: happening }) => {
  const course = (await publicationRecords.get(world.tables, { id }))?.value
  if (!course) return
  const content = {
    subject: `Open again: ${course.title}`,
    paragraphs: [`The payment for “${course.title}” is no longer disputed, and the course is open to you again, with all your progress.`],
    action: { label: 'Open your courses', url: `${world.settings.url}/learning` },
  }
  await write(world, { id: happening, kind: 'course', person: learner, content })
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
  const lesson = (await publishedLessonRecords.get(tables, { id }))?.value.title ?? 'a lesson'
  const content = {
    subject: 'Your account loads videos faster than they can be watched',
    paragraphs: [
      `Someone, or some program, signed in as you is loading “${lesson}” far faster than anyone can watch it.`,
      'For a while your videos come at four times their own speed and no faster, which is enough to watch them at any speed there is. Nothing else has changed. Nobody accuses you of anything, and there is nothing you have to do.',
      'If it was not you, somebody else may be using your account: choose a new password on the sign-in page.',
    ],
    action: { label: 'Open your courses', url: `${settings.url}/learning` },
  }
  await write(world, { id: happening, kind: 'account', person, content })
  const who = await identity.find(person)
  if (!who) return
  const text = `${who.name} <${who.email}> is loading “${lesson}” far faster than it can be watched: someone, or some program, may be saving it. They are slowed down to four times the speed of the video, and have been written to. Whoever may watch can always record, so this slows and tells; it proves nothing.`
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
