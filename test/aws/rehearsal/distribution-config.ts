import * as z from 'zod'

/** Properties of what makes a distribution, in CloudFormation's words. */

export const Row = z.object({
  PathPattern: z.string().default('*'),
  TargetOriginId: z.string(),
  AllowedMethods: z.array(z.string()),
  OriginRequestPolicyId: z.string().optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  TrustedKeyGroups: z.array(z.string()).default([]),
  FunctionAssociations: z.array(z.object({ EventType: z.literal('viewer-request'), FunctionARN: z.string() })).default([]),
})
export type Row = z.infer<typeof Row>
const Origin = z.object({
  Id: z.string(),
  DomainName: z.string(),
  OriginAccessControlId: z.string().optional(),
  OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
})
const Group = z.object({
  Id: z.string(),
  FailoverCriteria: z.object({ StatusCodes: z.object({ Items: z.array(z.number()) }) }),
  Members: z.object({ Items: z.array(z.object({ OriginId: z.string() })) }),
})
export const Distribution = z.object({
  DistributionConfig: z.object({
    Aliases: z.array(z.string()).default([]),
    CacheBehaviors: z.array(Row).default([]),
    DefaultCacheBehavior: Row,
    Origins: z.array(Origin),
    OriginGroups: z.object({ Items: z.array(Group) }).default({ Items: [] }),
  }),
})
export const KeyGroup = z.object({ KeyGroupConfig: z.object({ Items: z.array(z.string()) }) })
export const PublicKey = z.object({ PublicKeyConfig: z.object({ EncodedKey: z.string() }) })
export const Program = z.object({ FunctionCode: z.string() })
