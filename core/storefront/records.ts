import * as z from 'zod/mini'
import { Brand, Home, LegalPage } from '#contract/storefront.ts'
import { ofNobody } from '#core/personal.ts'
import { records } from '#core/records.ts'

/** What the school says of itself. One for each school. */
export const brandRecords = records({
  schema: z.object({ id: z.literal('brand'), ...Brand.shape }),
  key: ({ id }: { id: 'brand' }) => ({ pk: 'school', sk: `storefront#${id}` }),
  people: ofNobody,
})

export const homeRecords = records({
  schema: z.object({ id: z.literal('home'), ...Home.shape }),
  key: ({ id }: { id: 'home' }) => ({ pk: 'school', sk: `storefront#${id}` }),
  people: ofNobody,
})

/** The text of a legal page; each is a record, since together they are more than one may hold. */
export const legalRecords = records({
  schema: z.object({ page: LegalPage, text: z.string(), changedAt: z.string() }),
  key: ({ page }: { page: LegalPage }) => ({ pk: 'school', sk: `legal#${page}` }),
  people: ofNobody,
})

/** Which legal pages there are, so that no page of the school has to read their texts for its footer. */
export const legalListRecords = records({
  schema: z.object({ id: z.literal('written'), pages: z.array(LegalPage) }),
  key: ({ id }: { id: 'written' }) => ({ pk: 'school', sk: `legal-list#${id}` }),
  people: ofNobody,
})
