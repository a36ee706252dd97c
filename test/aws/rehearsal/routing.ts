import * as z from 'zod'

/** Properties of what moves an event on, in CloudFormation's words. */

export const Rule = z.object({
  Name: z.string().exactOptional(),
  EventBusName: z.string().exactOptional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).exactOptional(),
  Targets: z.array(
    z.object({
      Id: z.string(),
      Arn: z.string(),
      Input: z.string().exactOptional(),
      InputPath: z.string().exactOptional(),
      InputTransformer: z.object({ InputPathsMap: z.record(z.string(), z.string()).exactOptional(), InputTemplate: z.string() }).exactOptional(),
      DeadLetterConfig: z.object({ Arn: z.string() }).exactOptional(),
      RoleArn: z.string().exactOptional(),
      EcsParameters: z
        .object({
          TaskDefinitionArn: z.string(),
          LaunchType: z.literal('FARGATE'),
          TaskCount: z.literal(1),
          NetworkConfiguration: z.object({
            AwsVpcConfiguration: z.object({ Subnets: z.array(z.string()), SecurityGroups: z.array(z.string()), AssignPublicIp: z.literal('ENABLED') }),
          }),
        })
        .exactOptional(),
    }),
  ),
})
export const Mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().exactOptional(),
  FunctionResponseTypes: z.array(z.string()).exactOptional(),
  Enabled: z.boolean().default(true),
})
export const Pipe = z.object({
  Name: z.string(),
  RoleArn: z.string(),
  Source: z.string(),
  Target: z.string(),
  SourceParameters: z.object({
    DynamoDBStreamParameters: z.object({ StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']), BatchSize: z.number().exactOptional() }),
    FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).exactOptional(),
  }),
  TargetParameters: z
    .object({
      EventBridgeEventBusParameters: z.object({ Source: z.string().exactOptional(), DetailType: z.string().exactOptional() }).exactOptional(),
      InputTemplate: z.string().exactOptional(),
    })
    .exactOptional(),
})
