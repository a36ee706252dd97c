import type { AnyContractProcedure } from '@orpc/contract'
import type { Access, EndpointMeta } from '#contract/base.ts'
import { contract } from '#contract/contract.ts'
import { tokenScopeOf } from '#contract/token-scopes.ts'

const WHO: Record<Access, string> = {
  ...{ anyone: 'anyone', person: 'signed in', teaching: 'instructor, admin, owner; whoever helps with a course' },
  ...{ instructor: 'instructor, admin, owner', support: 'support, admin, owner', admin: 'admin, owner', owner: 'owner' },
}

const HEAD = `# Who may call what

Every route of the API, whom its declaration lets in at all, which scope of an access token opens it to a program besides (without one, none), and what it is about. Made from \`contract/\` by \`npm run gen\`.
What somebody may touch is for its handler to say: \`test/matrix/\` asks each of these as each role, with things that are the caller's own, somebody else's, and nobody's.`

const inCell = (text: string): string => text.replaceAll('|', '\\|')

const rowOf = (name: string, endpoint: AnyContractProcedure): string => {
  const { meta, route } = endpoint['~orpc']
  // Every endpoint is declared through `endpoint()`, which writes exactly this meta.
  const { access } = meta as EndpointMeta
  return `| \`${name}\` | \`${route.method} /api${route.path}\` | ${WHO[access]} | ${tokenScopeOf(name) ?? ''} | ${inCell(route.summary ?? '')} |`
}

export const accessPage = (): string => {
  const rows = Object.entries(contract).flatMap(([feature, endpoints]) =>
    Object.entries<AnyContractProcedure>(endpoints).map(([verb, endpoint]) => rowOf(`${feature}.${verb}`, endpoint)),
  )
  return `${HEAD}\n\n| route | call | who | token | what |\n|---|---|---|---|---|\n${rows.join('\n')}\n`
}
