import type { SalesPage } from './sales-page.ts'
import type { Home } from './storefront.ts'

/*
 * What stands where nobody has said otherwise. Beside the schemas rather than among them: visitors' pages need it, and load no schemas.
 */

/** The home page of a school that has not changed it. */
export const USUAL_HOME: Home = {
  sections: [
    { id: 'sec_00000000000000000000000001', isOn: true, kind: 'hero', title: '', text: '', button: '', buttonUrl: '' },
    { id: 'sec_00000000000000000000000002', isOn: true, kind: 'featured', title: '', courses: [] },
    { id: 'sec_00000000000000000000000003', isOn: true, kind: 'courses', title: '' },
    { id: 'sec_00000000000000000000000004', isOn: true, kind: 'offers' },
  ],
}

/** The sales page of a course that says nothing beside its own words. */
export const NOTHING_MORE: SalesPage = { audience: [], needs: [], teacher: { text: '' }, questions: [], refunds: '' }
