import { expect, type Scene } from './scene.ts'

const ASKED = [
  { method: 'GET', path: '/api/school', body: '' },
  { method: 'POST', path: '/hooks/stripe', body: '{}' },
]

/** Each gateway has an address of its own, which nothing before the school guards. */
export const refuseAside = async ({ stage }: Scene): Promise<string> => {
  const { hosts, answer } = stage.cloud.gateways()
  for (const host of hosts) {
    for (const { method, path, body } of ASKED) {
      const { status } = await answer(host, { method, path, query: '', headers: { host, 'x-lectern-edge': 'a guess' }, body: Buffer.from(body) })
      expect(status === 403 || status === 404, `${method} ${path} at ${host}, past the distribution, was answered ${status}.`)
    }
  }
  return `${hosts.length} refuse what did not come by the distribution`
}
