import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import type { Video } from '#contract/media.ts'
import { tellNews } from '#core/media/transcode.ts'
import type { StateChange } from '#test/aws/mediaconvert/events.ts'
import { stateChange, statusUpdate } from '#test/aws/mediaconvert/events.ts'
import { aCourse, anUploadedVideo } from '#test/builders.ts'
import { openSchool } from '#test/school.ts'
import { completeOf, layOut, ofJob, overMediaConvert } from './school.fixture.ts'

const school = await openSchool()
const aws = await overMediaConvert(school)
after(async () => {
  await aws.close()
  await school.close()
})
const teacher = await school.person('Theo', 'instructor')
const place = await aCourse(teacher)
const shown = (video: string): Promise<Video> => teacher.client.media.video({ video })

/** As the Lambda behind the rule does. */
const hear = async (event: StateChange): Promise<void> => {
  const news = await aws.engine.newsOf(event)
  if (news) await tellNews(school.world, news)
  await school.settle()
}

const aJob = async (title: string) => {
  const made = await anUploadedVideo(school, teacher, { ...place, title })
  const taken = aws.service.taken.find(({ UserMetadata }) => UserMetadata?.['video'] === made.video)
  assert.ok(taken, 'MediaConvert has been asked')
  return { ...made, taken, change: (detail: { status: string; [name: string]: unknown }) => stateChange(ofJob(taken), school.clock.now(), detail) }
}

/** Every kind of news of a job that goes well, in the order it happens. */
const newsOf = ({ taken, change }: Awaited<ReturnType<typeof aJob>>): StateChange[] => [
  change({ status: 'PROGRESSING' }),
  change({ status: 'INPUT_INFORMATION', inputDetails: [{ id: 1, uri: 's3://lectern-store/x', video: [{ codec: 'H_264', width: 1280, height: 720 }] }] }),
  change(statusUpdate(7, 'PROBING')),
  change(statusUpdate(40, 'TRANSCODING')),
  change({ status: 'NEW_WARNING', warningCode: '230001', warningMessage: 'Example warning message' }),
  change(statusUpdate(95, 'UPLOADING')),
  completeOf(taken, school.clock.now()),
]

test('a job that MediaConvert completes becomes a ready video, whatever it called its files', async () => {
  const job = await aJob('Plain')
  await layOut(school, job.taken)
  for (const event of newsOf(job)) await hear(event)
  const { state, rungs, durationSeconds } = await shown(job.video)
  assert.deepEqual([state, rungs, durationSeconds], ['ready', ['720p', '480p', '270p'], 6])
  const master = new TextDecoder().decode((await school.store.get(`media/${job.video}/master.m3u8`))?.bytes)
  assert.match(master, /AUDIO="sound"\nladder\/video-720p\.m3u8/)
  assert.match(
    new TextDecoder().decode((await school.store.get(`media/${job.video}/storyboard.vtt`))?.bytes),
    /ladder\/videoThumbnails_000000001\.jpg#xywh=240,0,240,136/,
  )
})

test('the ids MediaConvert is given say what they are ids of, and nothing else of the school goes there', async () => {
  const { taken, video, job } = await aJob('Ids')
  assert.deepEqual(taken.UserMetadata, { job: job.replaceAll('.', '-'), video })
  assert.equal(taken.ClientRequestToken, job)
  assert.doesNotMatch(JSON.stringify(taken), /Theo|lectern\.test|Ids|lecture\.mp4/)
})

const RANKS = ['transcoding', 'packaging', 'ready']

test('news in any order, repeated and late, never moves a video backwards, and its end makes it ready once', async () => {
  let count = 0
  const orders = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 12 })
  const property = fc.asyncProperty(orders, async (order) => {
    count += 1
    const job = await aJob(`Order ${count}`)
    await layOut(school, job.taken)
    const events = newsOf(job)
    const letters = school.letters.length
    let before = await shown(job.video)
    for (const index of [...order, 6, ...order]) {
      await hear(events[index] ?? completeOf(job.taken, school.clock.now()))
      const now = await shown(job.video)
      assert.ok(RANKS.indexOf(now.state) >= RANKS.indexOf(before.state), `${before.state} → ${now.state}`)
      assert.ok(now.state !== before.state || (now.percent ?? 0) >= (before.percent ?? 0), `${before.percent} % → ${now.percent} %`)
      before = now
    }
    assert.equal(before.state, 'ready')
    assert.ok(school.letters.length - letters <= 1, 'nobody is told twice')
  })
  await fc.assert(property, { numRuns: 15 })
})

test('late news of an attempt that was cancelled changes nothing of the next', async () => {
  const first = await aJob('Again')
  const late = newsOf(first)
  await teacher.client.media.cancel({ video: first.video })
  await school.settle()
  assert.deepEqual(aws.service.cancelled.includes(first.taken.Id), true)
  await teacher.client.media.retry({ video: first.video })
  await school.settle()
  await layOut(school, first.taken)
  for (const event of [...late, first.change({ status: 'CANCELED' }), first.change({ status: 'ERROR', errorCode: 1999, errorMessage: 'late' })])
    await hear(event)
  const { state, percent } = await shown(first.video)
  assert.deepEqual([state, percent], ['transcoding', 0])
})

test('an end and an error of the same job are one end: whichever came first', async () => {
  const job = await aJob('Both')
  await layOut(school, job.taken)
  await hear(completeOf(job.taken, school.clock.now()))
  await hear(job.change({ status: 'ERROR', errorCode: 1075, errorMessage: 'Demuxer parse error' }))
  assert.equal((await shown(job.video)).state, 'ready')
})

const failures: [errorCode: number, errorMessage: string, reason: RegExp, canRetry: boolean][] = [
  [1010, 'Unable to open input file: [Failed probe/open: [No parser found for container]]', /not a video we can read/, false],
  [1020, 'Video Error', /no picture/, false],
  [1030, 'Unsupported Codec', /damaged, or it is in a format/, false],
  [1076, 'Source Read Error', /end of this file is missing/, false],
  [1401, 'Permissions Issue', /wrong on our side/, true],
  [1999, 'Unknown Error', /wrong on our side/, true],
]
for (const [errorCode, errorMessage, reason, canRetry] of failures)
  test(`error ${errorCode} is told to the teacher in words to act on`, async () => {
    const job = await aJob(`Error ${errorCode}`)
    await hear(job.change({ status: 'ERROR', errorCode, errorMessage }))
    const failed = await shown(job.video)
    assert.deepEqual([failed.state, failed.canRetry], ['failed', canRetry])
    assert.match(failed.reason ?? '', reason)
  })

test('a job that somebody cancels in AWS’s console has failed, and can be tried again', async () => {
  const job = await aJob('Console')
  await hear(job.change({ status: 'CANCELED' }))
  const { state, canRetry } = await shown(job.video)
  assert.deepEqual([state, canRetry], ['failed', true])
})

test('news of other queues, of jobs nobody asked for and of another job under the same name is not heard', async () => {
  const job = await aJob('Foreign')
  const [first] = [completeOf(job.taken, school.clock.now())]
  const foreign = (detail: Record<string, unknown>): StateChange => ({ ...first, detail: { ...first.detail, ...detail } })
  for (const detail of [
    { queue: 'arn:aws:mediaconvert:eu-central-1:111122223333:queues/Default' },
    { userMetadata: {} },
    { userMetadata: { job: 'vid_none-1' } },
    { jobId: 'other' },
  ])
    assert.equal(await aws.engine.newsOf(foreign(detail)), undefined)
})

test('an end is taken from the HLS playlist among those it names, and none from outside the video’s own place', async () => {
  const job = await aJob('Paths')
  await layOut(school, job.taken)
  const end = completeOf(job.taken, school.clock.now())
  const [ladder, ...rest] = end.detail['outputGroupDetails'] as { playlistFilePaths: string[] }[]
  const paths = ladder?.playlistFilePaths ?? []
  const withPaths = (playlistFilePaths: string[]): StateChange => ({
    ...end,
    detail: { ...end.detail, outputGroupDetails: [{ ...ladder, playlistFilePaths }, ...rest] },
  })
  await assert.rejects(aws.engine.newsOf(withPaths(['s3://lectern-store/media/vid_other/ladder/video.m3u8'])), /does not lie below/)
  await assert.rejects(aws.engine.newsOf(withPaths([])), /names no playlist/)
  const news = await aws.engine.newsOf(withPaths([(paths[0] ?? '').replace('.m3u8', '.mpd'), ...paths]))
  assert.equal(news?.kind, 'transcoded')
})

test('a job MediaConvert will not take fails with a reason and may be tried again, by a job of its own; too many requests fail nothing', async () => {
  const refuse = (code: 'BadRequestException' | 'TooManyRequestsException', status: number): void => void aws.service.refusals.push({ code, status })
  refuse('BadRequestException', 400)
  const { video } = await anUploadedVideo(school, teacher, { ...place, title: 'Refused' })
  const { state, reason, canRetry } = await shown(video)
  assert.deepEqual([state, canRetry], ['failed', true])
  assert.ok(reason)
  assert.match(school.told.at(-1)?.text ?? '', /did not take the job.*is no such thing/)

  refuse('TooManyRequestsException', 429)
  await teacher.client.media.retry({ video })
  await school.settle()
  assert.equal((await shown(video)).state, 'transcoding')
  school.clock.pass(3600)
  await school.settle()
  assert.equal(aws.service.taken.filter(({ UserMetadata }) => UserMetadata?.['video'] === video).length, 1)
})
