import type { LessonKind } from '#contract/lesson-kinds.ts'
import { A_RUBRIC } from '#core/assignments/assignments.fixture.ts'
import { tellNews } from '#core/media/transcode.ts'
import { aPng } from '#core/pictures/pictures.fixture.ts'
import { EVERY_KIND, someRules } from '#core/quizzes/quizzes.fixture.ts'
import { tellBusNews } from '#core/series/news.ts'
import { keepDraft, readBrief } from '#core/series/papers.ts'
import { aBrief } from '#core/series/series.fixture.ts'
import { aCourse, aLessonFile, anArrivedFile, encode, lessonNamed, mp4Bytes, sendFileParts, sendParts, streamOf } from '#test/builders.ts'
import type { School } from '#test/school.ts'

export type Person = Awaited<ReturnType<School['person']>>

type Place = { course: string; section: string }

/** What a teacher is at, with a place for it. */
type At = Place & { school: School; teacher: Person }

/** `light`: what their courses are about, so that no title of theirs has anybody’s name. */
type Teaching = { school: School; teacher: Person; light: string }

const added = async ({ teacher, course, section }: At, title: string, kind: LessonKind = 'article'): Promise<string> =>
  lessonNamed(await teacher.client.courses.addLesson({ course, section, title, kind }), title)

const SIZE = 2500

const aVideoOf = async (at: At, title: string) => anArrivedFile(at.school, at.teacher, { lesson: await added(at, title, 'video') })

const aReadyVideo = async (at: At, title: string) => {
  const made = await aVideoOf(at, title)
  await encode(at.school, made)
  await at.school.settle()
  return made
}

/** Two videos that learners watch, one of them with captions of which a draft waits. */
const lecturesOf = async (at: At) => {
  const { captions } = at.teacher.client
  const [ready, silent] = [await aReadyVideo(at, 'A lecture'), await aReadyVideo(at, 'A lecture to be heard')]
  const english = { video: ready.video, language: 'en', label: 'English' }
  const { revision } = await captions.upload({ ...english, text: 'WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n' })
  const after = await captions.save({ ...english, revision, cues: [{ startSeconds: 1, endSeconds: 2, text: 'Hello, you' }] })
  return { videoLesson: ready.lesson, video: ready.video, silentVideo: silent.video, captions: after.revision, earlierCaptions: revision }
}

/** Videos in the states that keep a course from being published. */
const videosUnderWay = async (at: At) => {
  const { school, teacher } = at
  const failed = await aVideoOf(at, 'A broken file')
  await tellNews(school.world, { kind: 'failed', job: failed.job, video: failed.video, fault: 'internal', detail: 'gone' })
  const { lesson } = await aReadyVideo(at, 'Made better')
  const better = await anArrivedFile(school, teacher, { lesson, fileName: 'better.mp4' })
  await teacher.client.media.cancel({ video: better.video })
  const running = await aVideoOf(at, 'Being made')
  const start = async (title: string) => {
    const empty = await added(at, title, 'video')
    return teacher.client.media.startUpload({ lesson: empty, fileName: 'lecture.mp4', sizeBytes: SIZE, type: 'video/mp4' })
  }
  const [upload, sent] = [await start('On its way'), await start('Arrived')]
  await sendParts(school, teacher, { upload: sent.id, bytes: mp4Bytes(SIZE) })
  const empty = await added(at, 'To be sent', 'video')
  const videos = { failedVideo: failed.video, runningVideo: running.video, replacement: better.video }
  return { ...videos, emptyVideoLesson: empty, upload: upload.id, sentUpload: sent.id }
}

/** Files of lessons: one there, one on its way, and one that has arrived and has not been joined. */
const filesOf = async (at: At) => {
  const { school, teacher } = at
  const downloads = await added(at, 'To take home', 'download')
  const file = await aLessonFile(school, teacher, { lesson: downloads })
  const start = (name: string) => teacher.client.files.startUpload({ lesson: downloads, name, sizeBytes: SIZE, type: 'application/pdf' })
  const [openFile, sentFile] = [await start('open.pdf'), await start('sent.pdf')]
  await sendFileParts(school, teacher, { file: sentFile.id, bytes: new Uint8Array(SIZE).fill(5) })
  return { downloads, file, openFile: openFile.id, sentFile: sentFile.id }
}

const picturesOf = async ({ school, teacher, course }: At) => {
  const bytes = aPng(80, 60)
  const send = async (): Promise<string> => {
    const { id, url } = await teacher.client.pictures.start({ course, place: 'lesson', type: 'image/png', sizeBytes: bytes.length })
    await school.store.receivePart(new URL(url), streamOf(bytes))
    return id
  }
  const [picture, sentPicture] = [await send(), await send()]
  const { address } = await teacher.client.pictures.finish({ picture })
  return { picture, sentPicture, address }
}

/** What learners hand in, answer and attend. */
const workOf = async (at: At) => {
  const { teacher, course } = at
  const [quiz, assignment, secondAssignment, thirdAssignment, live] = [
    await added(at, 'Some questions', 'quiz'),
    await added(at, 'A portrait', 'assignment'),
    await added(at, 'Another portrait', 'assignment'),
    await added(at, 'A third portrait', 'assignment'),
    await added(at, 'An hour together', 'live'),
  ]
  const { questions } = await teacher.client.quizzes.write({ lesson: quiz, questions: EVERY_KIND.slice(0, 2), rules: someRules({ telling: 'each' }) })
  for (const lesson of [assignment, secondAssignment, thirdAssignment])
    await teacher.client.assignments.write({ lesson, rules: { takes: 'both', passPercent: 60, rubric: A_RUBRIC } })
  await teacher.client.calendar.setSession({ lesson: live, session: { startsAt: '2026-05-04T18:00:00.000Z', minutes: 60, link: 'https://meet.example/room' } })
  const bank = await teacher.client.quizzes.addBank({ course, title: 'More questions' })
  return { quiz, assignment, secondAssignment, thirdAssignment, live, bank: bank.id, quizQuestion: questions[0]?.id ?? '' }
}

const announcementsOf = async ({ teacher, course }: At) => {
  const write = async (subject: string) => (await teacher.client.announcements.write({ course, subject, body: 'Come and see.' })).id
  const [announcement, scheduled] = [await write('A draft'), await write('For tomorrow')]
  await teacher.client.announcements.send({ announcement: scheduled, at: '2026-05-05T09:00:00.000Z' })
  return { announcement, scheduled }
}

const A_DRAFT = { title: 'On light', about: { summary: 'Light', objectives: [], sources: [], language: 'en' }, text: 'Light falls.', questions: [] }
const PAID = { tokens: { input: 10, output: 20 }, costMicros: 15, model: 'test-model' }

/** What a chatbot writes for: a run that waits to be proposed, and one that failed for good. */
const seriesOf = async ({ school, teacher, course, section }: At) => {
  const begun = async (title: string) => {
    const { id: series } = await teacher.client.series.create(aBrief({ course, section, title }))
    const { id: run } = await teacher.client.series.start({ series, isTrial: true })
    await school.settle()
    return { series, run, brief: await readBrief(school.world, run) }
  }
  const written = await begun(`Of ${course}`)
  const { run, brief } = written
  const [attempt, path] = [brief?.attempt ?? 1, brief?.lesson.path ?? '']
  await keepDraft(school.world, { run, attempt, ...A_DRAFT, ...PAID, writtenAt: school.clock.now().toISOString() })
  await tellBusNews(school.world, { type: 'draft.written', detail: { run, attempt, ...PAID, title: A_DRAFT.title, path, toPropose: false } })
  const failed = await begun(`Failed of ${course}`)
  const reason = { code: 'chatbot-unreachable' as const, detail: 'refused' }
  const detail = { run: failed.run, attempt: failed.brief?.attempt ?? 1, ...PAID, by: 'writer' as const, reason, isFinal: true }
  await tellBusNews(school.world, { type: 'draft.failed', detail })
  const idle = await teacher.client.series.create(aBrief({ course, section, title: `Paused of ${course}` }))
  await teacher.client.series.pause({ series: idle.id })
  await school.settle()
  return { series: written.series, run, failedRun: failed.run, pausedSeries: idle.id }
}

/** A course that nobody has, in no catalogue: to everybody but its teacher it does not exist. */
const hiddenOf = async ({ school, teacher, light }: Teaching) => {
  const place = await aCourse(teacher, { title: `Hidden at ${light}` })
  const lesson = await added({ ...place, school, teacher }, 'Not shown')
  return { hiddenCourse: place.course, hiddenSection: place.section, hiddenLesson: lesson }
}

/** A course that is sold, of one lesson. */
const soldOf = async ({ school, teacher, light }: Teaching) => {
  const place = await aCourse(teacher, { title: `Sold at ${light}` })
  await added({ ...place, school, teacher }, 'Worth it')
  await teacher.client.courses.update({ course: place.course, summary: 'Short.', description: 'Long.', price: { amountMinor: 4900, currency: 'EUR' } })
  const { slug } = await teacher.client.courses.publish({ course: place.course })
  return { soldCourse: place.course, soldSlug: slug }
}

/** A free course of one article, which gives certificates. */
const shortOf = async ({ school, teacher, light }: Teaching) => {
  const place = await aCourse(teacher, { title: `In short: ${light}` })
  const lesson = await added({ ...place, school, teacher }, 'All of it')
  await teacher.client.courses.publish({ course: place.course })
  await teacher.client.certificates.putRules({ course: place.course, isOn: true, signature: '', text: '' })
  return { shortCourse: place.course, shortLesson: lesson }
}

/** What keeps the school busy after the course is published: nothing of it is shown yet. */
const underWay = async (at: At) => {
  const { teacher, course } = at
  const videos = await videosUnderWay(at)
  const removedLesson = await added(at, 'Taken out')
  await teacher.client.courses.removeLesson({ lesson: removedLesson })
  const { sections } = await teacher.client.courses.addSection({ course, title: 'Empty' })
  return { ...videos, removedLesson, emptySection: sections.at(-1)?.id ?? '' }
}

/** Somebody who helps with that course, and with nothing else. */
const helperOf = async ({ school, teacher, course }: At, light: string) => {
  const helper = await school.person(`Aid-at-${light}`)
  await teacher.client.helpers.add({ course, email: helper.email, help: { as: 'assistant', rights: ['grade'] } })
  return { helper: helper.id }
}

/** Everything that a teacher may have, one of each. Its course is free and published. */
export const aDesk = async (teaching: Teaching) => {
  const { school, teacher, light } = teaching
  const place = await aCourse(teacher, { title: light })
  const at = { ...place, school, teacher }
  const pictures = await picturesOf(at)
  const article = await added(at, 'To be read')
  const articleWords = `Only whoever learns of ${light} reads this.`
  await teacher.client.courses.updateLesson({ lesson: article, text: `![A lamp](${pictures.address})\n\n${articleWords}` })
  const { questions } = await teacher.client.quizzes.write({ lesson: article, questions: EVERY_KIND.slice(0, 1) })
  const shown = { ...(await lecturesOf(at)), ...(await filesOf(at)), ...(await workOf(at)), ...(await announcementsOf(at)) }
  await teacher.client.courses.publish({ course: place.course })
  await school.settle()
  return {
    ...{ teacher: teacher.id, ...place, article, articleWords, question: questions[0]?.id ?? '', ...pictures, ...shown },
    ...{ ...(await underWay(at)), ...(await helperOf(at, light)) },
    ...(await seriesOf(at)),
    ...(await hiddenOf(teaching)),
    ...(await soldOf(teaching)),
    ...(await shortOf(teaching)),
  }
}
export type Desk = Awaited<ReturnType<typeof aDesk>>
