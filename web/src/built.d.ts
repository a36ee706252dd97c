/** Modules that the build makes out of the sources: `web/addresses.ts` and `web/visitors.ts`. */

/** What endpoints of the contract that visitors' pages call are asked at: `{ accounts: { me: 'GET /me' } }`. */
declare module 'virtual:addresses/visitors' {
  const addresses: Readonly<Record<string, Readonly<Record<string, string>>>>
  export default addresses
}

/** All others. */
declare module 'virtual:addresses/inside' {
  const addresses: Readonly<Record<string, Readonly<Record<string, string>>>>
  export default addresses
}

/** English, as far as visitors' pages speak it. */
declare module 'virtual:texts/visitors' {
  const texts: Record<string, Record<string, string>>
  export default texts
}

/** All other English. */
declare module 'virtual:texts/inside' {
  const texts: Record<string, Record<string, string>>
  export default texts
}

/** Icons of visitors' pages, by Iconify's name. */
declare module 'virtual:icons/visitors' {
  const icons: Record<string, import('@iconify/vue').IconifyIcon>
  export default icons
}

/** All icons, as Nuxt UI's plugin collects them. */
declare module 'virtual:nuxt-ui-icons' {
  export const init: (add: (name: string, icon: import('@iconify/vue').IconifyIcon) => void) => void
}
