import * as z from 'zod/mini'
import { Brand, FooterLink, Home } from '#contract/storefront.ts'

/** The same rules the school asks by. */
export const linkFault = (url: string): boolean => !z.safeParse(FooterLink.shape.url, url).success
export const isBrandWrong = (brand: Brand): boolean => !z.safeParse(Brand, brand).success || brand.footerLinks.some(({ label }) => label.trim() === '')
export const isHomeWrong = (home: Home): boolean => !z.safeParse(Home, home).success
