import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { schoolServer } from '#homes/machine/http.ts'
import { openRegistry } from '#homes/metrics/registry.ts'
import { aCourse, anUploadedVideo, encode } from '#test/builders.ts'
import { openSchool, type School } from '#test/school.ts'
import { MASTER, PLAYLIST, SEGMENTS } from './files.ts'
import type { SchoolOpened } from './processes.ts'

/** A process with a school in it: the machine's own edge over its own store, and the API. Its argument is the folder of the files to serve. */
const folder = process.argv[2] ?? ''

/** Each with a stream and a cookie header of their own; so many that none loads fast enough to be held up. */
const LEARNERS = 60

/** A lesson with the bench's files beside what an encoder makes, and who may watch it. */
const aLecture = async (school: School): Promise<{ lesson: string; video: string; learners: string[] }> => {
  const teacher = await school.person('Tina', 'instructor')
  const { course, section } = await aCourse(teacher)
  const { lesson, ...uploaded } = await anUploadedVideo(school, teacher, { course, section })
  await encode(school, uploaded)
  await teacher.client.courses.publish({ course })
  const learners: string[] = []
  for (let number = 1; number <= LEARNERS; number += 1) {
    const { id, client } = await school.person(`Learner${number}`)
    await client.learning.enrol({ course })
    learners.push(id)
  }
  await school.settle()
  for (const name of [MASTER, PLAYLIST, ...SEGMENTS]) {
    const type = name.endsWith('.m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp4'
    await school.store.put(`media/${uploaded.video}/bench/${name}`, await readFile(join(folder, name)), { type })
  }
  return { lesson, video: uploaded.video, learners }
}

/** What a learner's browser would send from now on. */
const cookieOf = async (school: School, lesson: string, learner: string): Promise<string> => {
  const headers = { authorization: `Bearer ${learner}`, 'content-type': 'application/json' }
  const answer = await school.api(new Request(`http://school.test/api/lessons/${lesson}/playback`, { method: 'POST', headers, body: '{}' }))
  if (!answer.ok) throw new Error(`The lesson was not opened: ${await answer.text()}`)
  const values = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0])
  return values.join('; ')
}

const school = await openSchool()
const lecture = await aLecture(school)
// From here on the school's clock goes as the clock on the wall does, so that whatever is asked anew after some seconds is.
setInterval(() => school.clock.pass(1), 1000)
const { world, store } = school
const nobody = { handle: async () => {} }
const standIns = { mail: undefined, stripe: undefined, chatbot: undefined, github: undefined }
const server = schoolServer(
  {
    ...{ world, objects: store, identity: nobody, registry: openRegistry(), standIns },
    settings: { url: world.settings.url, trustedProxies: [], proxySecret: undefined, accelPlace: undefined, metrics: 'off' },
  },
  folder,
)
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const opened: SchoolOpened = {
  // A server that listens on TCP has an address with a port.
  port: (server.address() as AddressInfo).port,
  prefix: `/media/${lecture.video}/bench/`,
  cookies: await Promise.all(lecture.learners.map((learner) => cookieOf(school, lecture.lesson, learner))),
  token: lecture.learners[0] ?? '',
}
process.send?.(opened)

const stop = (): void => {
  server.closeAllConnections()
  server.close()
  void school.close().then(() => process.exit(0))
}
// Nobody is left to measure for.
process.on('disconnect', stop)
