import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect as connectPlainly } from 'node:net'
import { after, before, beforeEach, describe, it } from 'node:test'
import { isPublicAddress } from './addresses.ts'
import { openReach } from './reach.ts'

const REFUSED = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '127.0.0.1', '127.255.255.254', '169.254.169.254', '169.254.170.2'],
  ...['172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.9'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1'],
  ...['::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '64:ff9b:1::1', '100::1', '2001::1', '2001:0:7f00:1::', '2001:db8::1'],
  ...['2002:7f00:1::', '2002:a9fe:a9fe::', '3fff::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'ff05::2'],
  ...['', 'localhost', '127.1', '0x7f000001', '2130706433', '1.2.3.4.5', '8.8.8.8%1', '2606:4700::%1'],
]
const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '172.15.0.1',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '192.0.1.1',
  '198.17.0.1',
  '223.255.255.255',
]
const PUBLIC_6 = ['2606:4700::1111', '2a00:1450:4001::200e', '2001:4860:4860::8888', '2620:0:ccc::2', '2400:cb00::1']

describe('an address', () => {
  for (const address of REFUSED) it(`is not gone to: ${JSON.stringify(address)}`, () => assert.equal(isPublicAddress(address), false))
  for (const address of [...PUBLIC, ...PUBLIC_6]) it(`is gone to: ${address}`, () => assert.equal(isPublicAddress(address), true))
})

const ANSWERS: Record<string, (request: IncomingMessage, response: ServerResponse) => unknown> = {
  '/page': (_, response) => response.writeHead(200, { 'set-cookie': 'a=b' }).end('here'),
  '/get-only': ({ method }, response) => response.writeHead(method === 'GET' ? 200 : 405).end(),
  '/no-head': ({ method }, response) => response.writeHead(method === 'GET' ? 200 : 404).end(),
  '/gone': (_, response) => response.writeHead(410).end(),
  '/members': (_, response) => response.writeHead(403).end(),
  '/broken': (_, response) => response.writeHead(500).end(),
  '/busy': (_, response) => response.writeHead(429).end(),
  '/moved': (_, response) => response.writeHead(301, { location: '/page' }).end(),
  '/moved-to-gone': (_, response) => response.writeHead(302, { location: '/nothing' }).end(),
  '/loop': (_, response) => response.writeHead(302, { location: '/loop' }).end(),
  '/plain': (_, response) => response.writeHead(302, { location: 'http://good.example/page' }).end(),
  '/inside': (_, response) => response.writeHead(302, { location: 'https://inside.example/page' }).end(),
  '/number': (_, response) => response.writeHead(302, { location: 'https://169.254.169.254/latest/meta-data/' }).end(),
  '/port': (_, response) => response.writeHead(302, { location: 'https://good.example:8443/page' }).end(),
  '/elsewhere': (_, response) => response.writeHead(302, { location: 'https://evil.example/page' }).end(),
  '/nowhere': (_, response) => response.writeHead(302, { location: 'https://' }).end(),
  '/silent': () => undefined,
  '/endless': ({ method }, response) => {
    if (method !== 'GET') return response.writeHead(405).end()
    const more = (): void => {
      while (response.write(Buffer.alloc(65_536)));
      response.once('drain', more)
    }
    response.once('close', () => response.removeListener('drain', more))
    return more()
  },
}

const HOSTS: Record<string, string[]> = {
  ...{ 'good.example': ['93.184.216.34'], 'inside.example': ['10.0.0.7'], 'half.example': ['93.184.216.34', '127.0.0.1'], 'none.example': [] },
  'evil.example': ['93.184.216.35'],
}

describe('a link', () => {
  const asked: string[] = []
  const connected: string[] = []
  let resolutions = 0
  let port = 0
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}${request.headers.cookie === undefined ? '' : ' with a cookie'}`)
    const answer = ANSWERS[request.url ?? '']
    if (answer) answer(request, response)
    else response.writeHead(404).end()
  })
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    // What a server of TCP answers is no name of a pipe.
    port = (server.address() as AddressInfo).port
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    asked.length = 0
    connected.length = 0
    resolutions = 0
  })

  const reach = openReach({
    seconds: 0.5,
    resolve: async (host) => {
      resolutions += 1
      // A name that changes its mind: public for whoever checks it, inside for whoever then connects by it.
      if (host === 'fickle.example') return resolutions === 1 ? ['93.184.216.34'] : ['127.0.0.1']
      const found = HOSTS[host]
      if (found) return found
      throw new Error(`There is no ${host}.`)
    },
    connect: (address) => {
      connected.push(address)
      return connectPlainly(port, '127.0.0.1')
    },
  })
  const look = (url: string) => reach(url, (to) => !to.includes('evil.example'))

  const CASES: [path: string, reached: string, calls: number][] = [
    ['/page', 'reachable', 1],
    ['/get-only', 'reachable', 2],
    ['/no-head', 'reachable', 2],
    ['/endless', 'reachable', 2],
    ['/moved', 'reachable', 2],
    ['/nothing', 'missing', 2],
    ['/gone', 'missing', 2],
    ['/moved-to-gone', 'missing', 3],
    ['/members', 'unknown', 2],
    ['/broken', 'unknown', 2],
    ['/busy', 'unknown', 1],
    ['/silent', 'unknown', 1],
    ['/nowhere', 'unknown', 1],
    ['/loop', 'unknown', 6],
    ['/plain', 'unknown', 1],
    ['/port', 'unknown', 1],
    ['/elsewhere', 'unknown', 1],
    ['/inside', 'missing', 1],
    ['/number', 'missing', 1],
  ]
  for (const [path, reached, calls] of CASES)
    it(`to ${path} is ${reached}, after ${calls} calls of one public address`, async () => {
      assert.equal(await look(`https://good.example${path}`), reached)
      assert.equal(asked.length, calls, asked.join('\n'))
      assert.deepEqual([...new Set(connected)], ['93.184.216.34'])
    })

  for (const url of [
    ...['https://inside.example/page', 'https://half.example/page', 'https://none.example/page', 'https://127.0.0.1/page'],
    ...[
      'https://2130706433/page',
      'https://0x7f.1/page',
      'https://[::1]/page',
      'https://[::ffff:127.0.0.1]/page',
      'http://good.example/page',
      'ftp://good.example/',
    ],
    ...['https://good.example:444/page', 'https://evil.example/page', 'file:///etc/passwd', 'not an address'],
  ])
    it(`to ${url} is missing, and nobody is connected to`, async () => {
      assert.equal(await look(url), 'missing')
      assert.deepEqual(connected, [])
    })

  it('is not known while nobody can say where its host is', async () => assert.equal(await look('https://offline.example/'), 'unknown'))

  it('is looked at where its name led when it was checked, whatever it says afterwards', async () => {
    assert.equal(await look('https://fickle.example/page'), 'reachable')
    assert.deepEqual([connected, resolutions], [['93.184.216.34'], 1])
  })

  it('is told no cookie that a page before has set', async () => {
    await look('https://good.example/page')
    await look('https://good.example/moved')
    assert.deepEqual(asked, ['HEAD good.example/page', 'HEAD good.example/moved', 'HEAD good.example/page'])
  })
})
