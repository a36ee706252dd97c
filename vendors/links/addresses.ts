import { BlockList, isIP } from 'node:net'

/** Not on the public internet, by IANA's registries of special-purpose addresses (RFC 6890), and one that a cloud answers its own machines at. */
const KEPT_4: readonly string[] = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '168.63.129.16/32'],
]
/** Of the public range: of the protocols themselves with Teredo in it, examples, and 6to4, which leads to an IPv4 address of anybody's choice. */
const KEPT_6: readonly string[] = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']

const blockOf = (networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    list.addSubnet(address, Number(bits), family)
  }
  return list
}

const [kept4, kept6, public6] = [blockOf(KEPT_4, 'ipv4'), blockOf(KEPT_6, 'ipv6'), blockOf(['2000::/3'], 'ipv6')]

/** Whether an address is one of the public internet, that anybody may be sent to. Of IPv6 only what is handed out to the public is: no IPv4 in disguise. */
export const isPublicAddress = (address: string): boolean => {
  if (isIP(address) === 4) return !kept4.check(address, 'ipv4')
  return isIP(address) === 6 && !address.includes('%') && public6.check(address, 'ipv6') && !kept6.check(address, 'ipv6')
}
