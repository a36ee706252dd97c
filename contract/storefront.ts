import * as z from 'zod/mini'
import { Accent } from './accent.ts'
import { endpoint, id, nothing } from './base.ts'
import { LEGAL_PAGES } from './legal-pages.ts'

const most = (length: number) => z.string().check(z.maxLength(length))

/** Made by `putImage`; whoever else names a picture is refused. */
const picture = z.string().check(z.regex(/^\/catalogue\/school\/[a-f0-9]{32}\.(png|jpg|webp)$/))

/** An address of this school, or of another over TLS. */
const link = z.string().check(z.maxLength(300), z.regex(/^(\/(?![/\\])|https:\/\/[^\s/])[^\s]*$|^\/$|^mailto:[^\s@]+@[^\s@]+$/))

export const LegalPage = z.enum(LEGAL_PAGES)
export type LegalPage = z.infer<typeof LegalPage>

export const FooterLink = z.object({ label: z.string().check(z.minLength(1), z.maxLength(60)), url: link })

/** What the school says of itself wherever it is named. Left empty, the name is the one it was opened with. */
export const Brand = z.object({
  name: most(80),
  /** One line: what is taught here, and to whom. */
  tagline: most(160),
  accent: z.optional(Accent),
  logo: z.optional(picture),
  /** A square PNG, for tabs and for telephones that have the school on their screen. */
  icon: z.optional(picture),
  footerText: most(500),
  footerLinks: z.array(FooterLink).check(z.maxLength(8)),
})
export type Brand = z.infer<typeof Brand>

const section = { id: id('sec'), isOn: z.boolean() }

/** A part of the home page. A heading that is left empty is the usual one, in the reader's language. */
export const HomeSection = z.discriminatedUnion('kind', [
  z.object({
    ...section,
    kind: z.literal('hero'),
    title: most(120),
    text: most(400),
    button: most(40),
    buttonUrl: z.union([z.literal(''), link]),
    image: z.optional(picture),
  }),
  /** Courses by id; none is the newest one. */
  z.object({ ...section, kind: z.literal('featured'), title: most(120), courses: z.array(id('crs')).check(z.maxLength(6)) }),
  z.object({ ...section, kind: z.literal('courses'), title: most(120) }),
  z.object({ ...section, kind: z.literal('offers') }),
  /** Markdown. */
  z.object({ ...section, kind: z.literal('text'), title: most(120), text: most(8000) }),
  z.object({
    ...section,
    kind: z.literal('voices'),
    title: most(120),
    voices: z
      .array(z.object({ words: z.string().check(z.minLength(1), z.maxLength(600)), name: z.string().check(z.minLength(1), z.maxLength(80)), about: most(120) }))
      .check(z.maxLength(12)),
  }),
])
export type HomeSection = z.infer<typeof HomeSection>
export type SectionKind = HomeSection['kind']

export const MOST_SECTIONS = 20

/** What the home page is made of. */
export const Home = z.object({ sections: z.array(HomeSection).check(z.maxLength(MOST_SECTIONS)) })
export type Home = z.infer<typeof Home>

/** `/catalogue/home.json`: with the HTML that publishing made of its texts, by section. */
export const PublishedHome = z.object({ ...Home.shape, html: z.optional(z.record(z.string(), z.string())) })
export type PublishedHome = z.infer<typeof PublishedHome>

/** Which writing this is: whoever sends it back changes what they saw, and is refused with `conflict` otherwise. 0 is none yet. */
const version = z.int().check(z.minimum(0))

const Settings = z.object({
  brand: z.object({ version, value: Brand }),
  home: z.object({ version, value: Home }),
  /** What the school was opened as: its name while none is set. */
  openedAs: z.string(),
})
export type Settings = z.infer<typeof Settings>

export const LegalText = z.object({ page: LegalPage, text: z.string(), version, changedAt: z.optional(z.string()) })
export type LegalText = z.infer<typeof LegalText>

/** `/catalogue/legal/<page>.json`: with the HTML that publishing made of it. */
export const PublishedLegal = z.object({ page: LegalPage, text: z.string(), html: z.optional(z.string()), changedAt: z.optional(z.string()) })
export type PublishedLegal = z.infer<typeof PublishedLegal>

/** Bytes of a picture as it is sent; a browser makes it smaller first. */
export const MOST_PICTURE_BYTES = 640 * 1024

/** A `link` as oEmbed 1.0 has it. */
const OEmbed = z.object({
  ...{ version: z.literal('1.0'), type: z.literal('link'), title: z.string(), description: z.string() },
  ...{ author_name: z.string(), provider_name: z.string(), provider_url: z.string(), cache_age: z.int() },
})

export const storefront = {
  settings: endpoint({
    method: 'GET',
    path: '/school/settings',
    access: 'admin',
    summary: 'What the school says of itself, and its home page',
    input: nothing,
    output: Settings,
  }),
  putBrand: endpoint({
    ...{ method: 'PUT', path: '/school/settings', access: 'admin', summary: 'Change name, logo, colour and footer' },
    input: z.object({ version, value: Brand }),
    output: Settings,
  }),
  putHome: endpoint({
    ...{ method: 'PUT', path: '/school/home', access: 'admin', summary: 'Change the sections of the home page' },
    input: z.object({ version, value: Home }),
    output: Settings,
  }),
  putImage: endpoint({
    ...{ method: 'POST', path: '/school/images', access: 'admin', summary: 'Send a picture for the school’s own pages, as base64' },
    input: z.object({ use: z.enum(['logo', 'icon', 'picture']), base64: z.string().check(z.minLength(1), z.maxLength(Math.ceil(MOST_PICTURE_BYTES / 3) * 4)) }),
    output: z.object({ url: z.string() }),
  }),
  legal: endpoint({
    ...{ method: 'GET', path: '/school/pages/{page}', access: 'anyone', summary: 'A legal page, as Markdown' },
    input: z.object({ page: LegalPage }),
    output: LegalText,
  }),
  putLegal: endpoint({
    ...{ method: 'PUT', path: '/school/pages/{page}', access: 'admin', summary: 'Write a legal page; an empty one is taken away' },
    input: z.object({ page: LegalPage, version, text: most(50_000) }),
    output: LegalText,
  }),
  embed: endpoint({
    ...{ method: 'GET', path: '/oembed', access: 'anyone', summary: 'A course page as other sites quote it (oEmbed 1.0); JSON alone' },
    // Whatever else a reader of oEmbed asks for (`maxwidth` and the like) has no meaning for a link.
    input: z.object({ url: z.string().check(z.maxLength(500)), format: z.optional(z.literal('json')) }),
    output: OEmbed,
  }),
}
