/**
 * What the stacks tell whoever deploys, by the stack's concern: named here once for the templates' test and for the scripts that
 * read it.
 */
export const OUTPUTS = { store: ['StoreBucket'], data: ['TableName'], delivery: ['DistributionId', 'DistributionDomain'] } as const
export type Concern = keyof typeof OUTPUTS
