import { createHash } from 'node:crypto'

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

const ENTITIES: Record<string, string> = { '&quot;': '"', '&#39;': "'", '&lt;': '<', '&gt;': '>', '&amp;': '&' }
const unescaped = (text: string): string => text.replace(/&(?:quot|#39|lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity)

/**
 * A letter whose elements say themselves how they look, as mail programs want it, said by a sheet instead: a policy can let that in by its
 * hash. What is found by these patterns decides only about looks; the policy about what may be.
 */
export const styled = (page: string): { page: string; styles: string[] } => {
  const looks = new Map<string, string>()
  const marked = page.replace(/<[a-z][^<>]*>/gi, (tag) =>
    tag.replace(/\sstyle=(?:"([^"]*)"|'([^']*)')/i, (_, double: string | undefined, single: string | undefined) => {
      const look = unescaped(double ?? single ?? '')
      const name = looks.get(look) ?? `s${looks.size}`
      looks.set(look, name)
      return ` data-look="${name}"`
    }),
  )
  const sheet = [...looks].map(([look, name]) => `[data-look=${name}]{${look.replace(/[{}<]/g, '')}}`).join('\n')
  const own = [...marked.matchAll(/<style[^>]*>(.*?)<\/style>/gis)].map(([, text]) => hashOf(text ?? ''))
  return { page: marked.replace(/^(<!doctype html>)/i, `$1<style>${sheet}</style>`), styles: [hashOf(sheet), ...own] }
}
