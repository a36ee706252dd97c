import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Contest, Contestant } from './contest.ts'
import { HEALTH, MASTER, ME, PLAYLIST, SEGMENTS, sizeOf } from './files.ts'
import type { Asked } from './load.ts'
import { secureLink } from './nginx.ts'
import type { Listening, School } from './processes.ts'

export type Servers = { school: School; node: Listening; nginx: Listening | undefined }

/** Asked of all three. */
const MEDIA = [
  { name: 'segment', files: SEGMENTS },
  { name: 'media-playlist', files: [PLAYLIST] },
  { name: 'master-playlist', files: [MASTER] },
]

/** Asked of the school and of plain Node: what the API says, and whether it is told to anybody. */
const API = [
  { name: 'health', path: '/api/health', file: HEALTH, isOpen: true },
  { name: 'me', path: '/api/me', file: ME, isOpen: false },
]

const bearer = ({ token }: School): Record<string, string> => ({ authorization: `Bearer ${token}` })

/** Writes what the API says, so that plain Node can say the same. */
export const keepAnswers = async (school: School, folder: string): Promise<void> => {
  for (const { path, file } of API) {
    const answer = await fetch(`http://127.0.0.1:${school.port}${path}`, { headers: bearer(school) })
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}.`)
    await writeFile(join(folder, file), new Uint8Array(await answer.arrayBuffer()))
  }
}

const mediaContests = ({ school, node, nginx }: Servers, folder: string): Promise<Contest>[] =>
  MEDIA.map(async ({ name, files }) => {
    const bytes = Math.min(...(await Promise.all(files.map((file) => sizeOf(folder, file)))))
    const withCookies = (cookie: string): Asked[] => files.map((file) => ({ path: `${school.prefix}${file}`, headers: { cookie } }))
    const plainly = files.map((file) => ({ path: `/${file}` }))
    const signed = plainly.map(({ path }) => ({ path: secureLink(path) }))
    const contestants: Contestant[] = [
      { key: 'ours', server: school, requests: school.cookies.flatMap(withCookies) },
      { key: 'node', server: node, requests: plainly },
    ]
    if (nginx) contestants.push({ key: 'nginx', server: nginx, requests: signed })
    return { name, bytes, contestants }
  })

const apiContests = ({ school, node }: Servers, folder: string): Promise<Contest>[] =>
  API.map(async ({ name, path, file, isOpen }) => {
    const headers = isOpen ? {} : bearer(school)
    const contestants: Contestant[] = [
      { key: 'ours', server: school, requests: [{ path, headers }] },
      { key: 'node', server: node, requests: [{ path: `/${file}`, headers }] },
    ]
    return { name, bytes: await sizeOf(folder, file), contestants }
  })

export const contestsOf = (servers: Servers, folder: string): Promise<Contest[]> =>
  Promise.all([...mediaContests(servers, folder), ...apiContests(servers, folder)])
