import type { LanguageRegistration } from 'shiki/types'

type Load = () => Promise<{ default: LanguageRegistration[] }>

/** Languages of code that are told apart; each is fetched once a text has it. */
const LOADS: Readonly<Record<string, Load>> = {
  bash: () => import('shiki/langs/bash.mjs'),
  c: () => import('shiki/langs/c.mjs'),
  cpp: () => import('shiki/langs/cpp.mjs'),
  csharp: () => import('shiki/langs/csharp.mjs'),
  css: () => import('shiki/langs/css.mjs'),
  diff: () => import('shiki/langs/diff.mjs'),
  dockerfile: () => import('shiki/langs/dockerfile.mjs'),
  go: () => import('shiki/langs/go.mjs'),
  html: () => import('shiki/langs/html.mjs'),
  java: () => import('shiki/langs/java.mjs'),
  javascript: () => import('shiki/langs/javascript.mjs'),
  json: () => import('shiki/langs/json.mjs'),
  jsx: () => import('shiki/langs/jsx.mjs'),
  kotlin: () => import('shiki/langs/kotlin.mjs'),
  latex: () => import('shiki/langs/latex.mjs'),
  lua: () => import('shiki/langs/lua.mjs'),
  markdown: () => import('shiki/langs/markdown.mjs'),
  php: () => import('shiki/langs/php.mjs'),
  python: () => import('shiki/langs/python.mjs'),
  r: () => import('shiki/langs/r.mjs'),
  ruby: () => import('shiki/langs/ruby.mjs'),
  rust: () => import('shiki/langs/rust.mjs'),
  sql: () => import('shiki/langs/sql.mjs'),
  swift: () => import('shiki/langs/swift.mjs'),
  toml: () => import('shiki/langs/toml.mjs'),
  tsx: () => import('shiki/langs/tsx.mjs'),
  typescript: () => import('shiki/langs/typescript.mjs'),
  vue: () => import('shiki/langs/vue.mjs'),
  xml: () => import('shiki/langs/xml.mjs'),
  yaml: () => import('shiki/langs/yaml.mjs'),
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  ...{
    sh: 'bash',
    shell: 'bash',
    zsh: 'bash',
    'c++': 'cpp',
    'c#': 'csharp',
    cs: 'csharp',
    docker: 'dockerfile',
    htm: 'html',
    js: 'javascript',
    mjs: 'javascript',
  },
  ...{ kt: 'kotlin', tex: 'latex', md: 'markdown', py: 'python', rb: 'ruby', rs: 'rust', ts: 'typescript', yml: 'yaml', svg: 'xml' },
}

/** A language's one name; undefined for those the school does not know. */
export const knownLanguage = (name: string): string | undefined => {
  const lower = name.toLowerCase()
  const known = Object.hasOwn(OTHER_NAMES, lower) ? OTHER_NAMES[lower] : lower
  return known !== undefined && Object.hasOwn(LOADS, known) ? known : undefined
}

export const loadLanguage = (name: string): Load | undefined => (Object.hasOwn(LOADS, name) ? LOADS[name] : undefined)
