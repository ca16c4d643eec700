using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Service.Output;

/// <summary>
/// A measurement as one line of JSON, in the field names of measurement.proto. Addresses are text, hashes hexadecimal,
/// a failure is null where there was none.
/// </summary>
static class FactsJson
{
    static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(Facts facts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
            Write(writer, facts);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    // The descriptor walks the message, so that a field added to the wire is shown without a word here.
    static void Write(Utf8JsonWriter writer, IMessage message)
    {
        writer.WriteStartObject();
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.RealContainingOneof is { } choice && choice.Accessor.GetCaseFieldDescriptor(message) != field)
                continue;
            writer.WritePropertyName(field.Name);
            var value = field.Accessor.GetValue(message);
            if (!field.IsRepeated)
            {
                WriteValue(writer, field, value);
                continue;
            }
            writer.WriteStartArray();
            foreach (var item in (IList)value)
                WriteValue(writer, field, item);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    static void WriteValue(Utf8JsonWriter writer, FieldDescriptor field, object? value)
    {
        switch (value)
        {
            case null or "" when field.Name == "failure" || field.FieldType == FieldType.Message:
                writer.WriteNullValue();
                break;
            case IMessage message:
                Write(writer, message);
                break;
            case ByteString bytes when field.Name == "address":
                writer.WriteStringValue(FactsText.Address(bytes.Span));
                break;
            case ByteString bytes:
                writer.WriteStringValue(Convert.ToHexStringLower(bytes.Span));
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case uint number:
                writer.WriteNumberValue(number);
                break;
            case int signed:
                writer.WriteNumberValue(signed);
                break;
            case ulong hash:
                writer.WriteStringValue(hash.ToString("x16"));
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            default:
                throw new InvalidOperationException($"{field.FullName} has no form in JSON.");
        }
    }
}
