using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>
/// Sums of what one key ran under the list in force, for whoever rolls lists out. In memory alone; another list or another key
/// begins at nought.
/// </summary>
sealed class ListTally(TestListStore lists)
{
    readonly Lock _lock = new();
    (TestListSnapshot? List, ulong Key) _of;
    ListReport _sums = new();

    /// <param name="key">Local number of the key that measured.</param>
    public void Add(TestListSnapshot list, ulong key, string input, TimeSpan took, long bytes, bool failed)
    {
        lock (_lock)
        {
            Follow(list, key);
            _sums.Runs++;
            _sums.Milliseconds += (ulong)took.TotalMilliseconds;
            _sums.Bytes += (ulong)Math.Max(0, bytes);
            if (!lists.FormerInputs.Contains(input))
                return;
            _sums.Common++;
            if (failed)
                _sums.CommonFailed++;
        }
    }

    /// <returns>Null when that key has run nothing under the list in force.</returns>
    public ListReport? Of(ulong key)
    {
        lock (_lock)
            return _sums.Runs > 0 && _of == (lists.Current, key) ? _sums.Clone() : null;
    }

    void Follow(TestListSnapshot list, ulong key)
    {
        if (_of == (list, key))
            return;
        (_of, _sums) = ((list, key), new());
    }
}
