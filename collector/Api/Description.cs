using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>/openapi/v1.json: the parameters come from the same table that reads them.</summary>
static class Description
{
    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new()
            {
                Title = "ProbeNet",
                Version = "v1",
                Description = "Which sites are blocked at which providers. Without a key: cells and aggregates of whole UTC days, after a delay, of enough volunteers, counts as classes.",
            };
            // Where it was asked from says nothing about where it is reached.
            document.Servers = [];
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
            {
                ["key"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key of keys create." },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Count))
            {
                schema.Type = JsonSchemaType.Integer | JsonSchemaType.String | JsonSchemaType.Null;
                schema.Description = "A number; for the public one of the classes 0-2, 3-5, 6-10, 11+; null where too few volunteers looked.";
                schema.Properties = null;
                schema.Required = null;
            }
            if (context.JsonTypeInfo.Type == typeof(CellState))
            {
                schema.Type = JsonSchemaType.String;
                schema.Enum = [.. Enum.GetValues<CellState>().Select(state => JsonValue.Create(state.Word()))];
            }
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Takes>().FirstOrDefault() is not { } takes)
                return Task.CompletedTask;
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<BodyExample>().FirstOrDefault() is { } example && operation.RequestBody?.Content is { } content && content.TryGetValue("application/json", out var body))
                body.Example = JsonNode.Parse(example.Json);
            operation.Parameters ??= [];
            foreach (var name in takes.Parameters)
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = name,
                    In = ParameterLocation.Query,
                    Required = name == "cc" && takes.NeedsCountry,
                    Description = FilterReader.Meaning(name),
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            operation.Security = takes.AnalystsOnly
                ? [new() { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }]
                : [new(), new() { [new OpenApiSecuritySchemeReference("key", context.Document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
