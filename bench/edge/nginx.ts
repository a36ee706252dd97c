import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

/** The yardstick's program: an nginx that was built with `secure_link`, or why there is none. */
export type Nginx = { path: string; version: string }

/** `/usr/sbin` is on nobody's PATH but root's. */
const NAMES = [process.env['NGINX_PATH'], 'nginx', '/usr/sbin/nginx'].filter((name) => name !== undefined && name !== '')

export const readBuild = (words: string): { version: string } | { skip: string } => {
  const version = /nginx version: nginx\/(\S+)/.exec(words)?.[1]
  if (version === undefined) return { skip: 'there is no nginx on this machine: install it, or name it in NGINX_PATH' }
  return words.includes('http_secure_link_module') ? { version } : { skip: `nginx ${version} was built without secure_link` }
}

export const findNginx = (): Nginx | { skip: string } => {
  // Undefined where there is no such program.
  const builds = NAMES.map((path) => ({ path, words: spawnSync(path ?? '', ['-V']).stderr?.toString() ?? '' }))
  const { path = '', words } = builds.find((build) => build.words.includes('nginx version')) ?? { words: '' }
  const build = readBuild(words)
  return 'skip' in build ? build : { path, ...build }
}

const SECRET = 'bench'
/** Far beyond any bench: what is measured is the check. */
const EXPIRES = 4_000_000_000

/** The path with what `secure_link` wants to see: an MD5 in base64url of the expiry, the path and the secret. */
export const secureLink = (path: string): string => {
  const md5 = createHash('md5').update(`${EXPIRES}${path} ${SECRET}`).digest('base64url')
  return `${path}?md5=${md5}&expires=${EXPIRES}`
}

/** One process, as fast as it knows how: the kernel sends the files, and nothing is logged. Everything it writes lies in `scratch`. */
export const configOf = ({ port, root, scratch }: { port: number; root: string; scratch: string }): string => `
daemon off;
master_process off;
pid ${scratch}/nginx.pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  client_body_temp_path ${scratch}/body;
  proxy_temp_path ${scratch}/proxy;
  fastcgi_temp_path ${scratch}/fastcgi;
  uwsgi_temp_path ${scratch}/uwsgi;
  scgi_temp_path ${scratch}/scgi;
  types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s; }
  server {
    listen 127.0.0.1:${port};
    root ${root};
    location / {
      secure_link $arg_md5,$arg_expires;
      secure_link_md5 "$secure_link_expires$uri ${SECRET}";
      if ($secure_link = "") { return 403; }
      if ($secure_link = "0") { return 410; }
    }
  }
}
`

/** A port that was free a moment ago: nginx takes none by itself. */
const freePort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.')
  return address.port
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true))
    socket.once('error', () => resolve(false)).once('connect', () => socket.destroy())
  })

const PATIENCE_MS = 5000

/** Opens one over the folder of the files; what it says when it does not start is in the error. */
export const openNginx = async ({ path }: Nginx, root: string, scratch: string): Promise<{ port: number; pid: number; stop(): Promise<void> }> => {
  await mkdir(scratch, { recursive: true })
  const port = await freePort()
  const config = join(scratch, 'nginx.conf')
  await writeFile(config, configOf({ port, root, scratch }))
  const child = spawn(path, ['-p', scratch, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.on('data', (bytes: Buffer) => {
    words = (words + bytes.toString()).slice(-2000)
  })
  let isOver = false
  const over = once(child, 'close').then(() => {
    isOver = true
  })
  const stop = async (): Promise<void> => {
    child.kill()
    await over
  }
  for (const deadline = performance.now() + PATIENCE_MS; !(await answers(port)); ) {
    if (isOver || performance.now() > deadline) {
      await stop()
      throw new Error(`nginx did not start. ${words}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (child.pid === undefined) throw new Error('nginx has no process.')
  return { port, pid: child.pid, stop }
}
